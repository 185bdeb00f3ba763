import type { Captions } from '../../state/captions';
import type { FileNote } from '../../state/conversation';
import type { Polls } from '../../state/polls';
import type { Transfers } from '../../state/transfers';
import type { Question } from '../../session/polls';

/** What people do in words beside the chat itself. */
export interface TalkModel {
  polls: Polls;
  captions: Captions;
  transfers: Transfers;
}

export interface TalkActions {
  polls: {
    ask(question: Question): void;
    vote(poll: string, choices: number): void;
    close(poll: string): void;
    see(): void;
  };
  captions: {
    appoint(person: string, mayType: boolean): void;
    type(text: string): void;
    end(): void;
  };
  files: {
    send(file: File): void;
    retry(id: string): void;
    cancel(id: string): void;
    fetch(note: FileNote): void;
    stop(file: string): void;
  };
}

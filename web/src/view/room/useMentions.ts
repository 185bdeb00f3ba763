import { useState, type KeyboardEvent, type RefObject } from 'react';
import { begunMention, namesFor } from '../../state/mentions';

interface Mentions {
  readonly names: readonly string[];
  readonly active: number;
  /** The caret moved, or the text changed. */
  follow(): void;
  choose(name: string): void;
  /** @returns true where the key was for the list */
  onKey(event: KeyboardEvent): boolean;
}

/** Completion of names after an @ in a field, by keyboard and by pointer. */
export function useMentions(field: RefObject<HTMLTextAreaElement | null>, draft: string, members: readonly string[], onDraft: (draft: string) => void): Mentions {
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const begun = begunMention(draft, caret);
  const names = begun === null || begun.start === dismissed ? [] : namesFor(begun.typed, members);
  const active = Math.min(chosen, Math.max(0, names.length - 1));

  const choose = (name: string) => {
    if (begun === null) return;
    const text = `${draft.slice(0, begun.start)}@${name} `;
    onDraft(text + draft.slice(caret).replace(/^ /u, ''));
    // The caret stands behind the name once the text is there.
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(text.length, text.length);
      setCaret(text.length);
    });
  };
  return {
    names, active, choose,
    follow: () => {
      setCaret(field.current?.selectionStart ?? 0);
      setChosen(0);
    },
    onKey: event => {
      if (names.length === 0 || event.nativeEvent.isComposing) return false;
      if (event.key === 'ArrowDown') setChosen((active + 1) % names.length);
      else if (event.key === 'ArrowUp') setChosen((active + names.length - 1) % names.length);
      else if (event.key === 'Enter' || event.key === 'Tab') choose(names[active]!);
      else if (event.key === 'Escape') setDismissed(begun!.start);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

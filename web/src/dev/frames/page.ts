import { Loop, type LoopOptions } from './loop';
import { ProofMeeting, type MeetingOptions } from './meeting';
import { ProofMember } from './member';

/** What the end-to-end tests call. No production build contains this page. */
const proof = {
  loop: null as Loop | null,
  meeting: null as ProofMeeting | null,

  async startLoop(options: LoopOptions): Promise<void> {
    this.loop = new Loop();
    await this.loop.start(options);
  },

  async startMeeting(options: MeetingOptions): Promise<void> {
    this.meeting = new ProofMeeting();
    await this.meeting.start(options);
  },

  /** Microseconds per frame in a worker of this browser. */
  costs: (rounds: number) => new ProofMember().costs(rounds),
};

Object.assign(window, { proof });

import { describe, expect, it } from 'vitest';
import { sittingOf } from '../../src/dev/sitting';

describe('the fixture\'s sitting', () => {
  it('does all that its story says', () => {
    expect(sittingOf('none').sitting).toBeNull();
    expect(sittingOf('gathering').sitting).toMatchObject({ phase: 'gathering' });
    expect(sittingOf('session').sitting).toMatchObject({ phase: 'sitting', queue: [{ person: 'a2' }, { person: 'a4' }, { person: 'a6' }], interruptions: [{ granted: null }] });
    expect(sittingOf('vote').sitting!.ballots[0]!.votes.size).toBe(3);
    expect(sittingOf('closed').sitting).toMatchObject({ phase: 'closed', ballots: [{ announced: { isTrue: true, yes: 3, no: 1 } }], proposals: [{ accepted: null }] });
  });
});

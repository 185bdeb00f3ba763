import { describe, expect, it } from 'vitest';
import { parseRoomPreferences } from '../src/state/roomPreferences';

describe('what was chosen for rooms', () => {
  const standard = parseRoomPreferences(null);

  it('begins with what tells people enough and costs nobody anything', () => {
    expect(standard).toMatchObject({
      layout: 'auto', pageSize: 0, hideSelf: false, hideWithoutVideo: false, mutedNudge: true, pushToTalk: true, dataSaver: 'off', shareHint: 'detail',
      announce: { presence: true, speaking: false, chat: true, reactions: true },
    });
  });

  it('is kept whole', () => {
    const chosen = {
      layout: 'side', pageSize: 9, hideSelf: true, hideWithoutVideo: true, announce: { presence: false, speaking: true, chat: false, reactions: false },
      mutedNudge: false, pushToTalk: false, dataSaver: 'low', shareHint: 'motion',
    };
    expect(parseRoomPreferences(JSON.stringify(chosen))).toEqual(chosen);
  });

  it('is the default where storage holds anything else', () => {
    for (const json of ['', '{', 'null', '7', '[]', '"x"', '{"layout":"round","pageSize":7,"announce":3,"dataSaver":null}']) expect(parseRoomPreferences(json)).toEqual(standard);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { FrameAttachment, NoTransformsError } from '../../src/e2ee/frames/attachment';

/** What a browser's RTCRtpScriptTransform remembers. */
class ScriptTransform {
  constructor(readonly worker: unknown, readonly options: unknown) {}
}

function worker() {
  const posted: unknown[] = [];
  return { posted, worker: { postMessage: (message: unknown) => posted.push(message) } as unknown as Worker };
}

afterEach(() => vi.unstubAllGlobals());

describe('an attachment', () => {
  it('gives senders and receivers a transform at once, in the worker and under the connection’s name', () => {
    vi.stubGlobal('RTCRtpScriptTransform', ScriptTransform);
    const { worker: shared } = worker();
    const [first, second] = [new FrameAttachment(shared), new FrameAttachment(shared)];
    const [sender, receiver, other] = [{}, {}, {}] as [RTCRtpSender, RTCRtpReceiver, RTCRtpSender];
    first.send(sender, 'camera');
    first.receive(receiver, 'seat-0-video');
    second.send(other, 'camera');

    const options = [sender, receiver, other].map(({ transform }) => (transform as unknown as ScriptTransform).options as Record<string, string>);
    expect(options).toMatchObject([{ direction: 'send', slot: 'camera' }, { direction: 'receive', slot: 'seat-0-video' }, { direction: 'send', slot: 'camera' }]);
    expect(options[0]!.connection).toBe(options[1]!.connection);
    expect(options[0]!.connection).not.toBe(options[2]!.connection);
    expect((sender.transform as unknown as ScriptTransform).worker).toBe(shared);
  });

  it('tells the worker the payload types of a description', () => {
    vi.stubGlobal('RTCRtpScriptTransform', ScriptTransform);
    const { worker: shared, posted } = worker();
    new FrameAttachment(shared).describe('v=0\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:98 VP9/90000\r\n');
    expect(posted).toMatchObject([{ type: 'payloadTypes', payloadTypes: new Map([[111, 'opus'], [98, 'vp9']]) }]);
  });

  it('is refused where frames cannot be transformed', () => {
    vi.stubGlobal('RTCRtpScriptTransform', undefined);
    expect(() => new FrameAttachment(worker().worker)).toThrow(NoTransformsError);
  });
});

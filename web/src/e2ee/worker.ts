import { IndexedDeviceStore } from './deviceStore';
import { FrameKeyStore, type FrameClock } from './frames/keys';
import { FrameTransforms, type ScriptTransformer } from './frames/transforms';
import { createRandom } from './random';
import type { FromWorker, ToTransforms, ToWorker } from './protocol';
import { WorkerHost } from './workerHost';

/** The page's types know no worker: what one has beside them. */
const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker | ToTransforms>) => void) | null;
  onrtctransform: ((event: { transformer: ScriptTransformer }) => void) | null;
};

const after = (milliseconds: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};
const clock: FrameClock = { now: () => performance.now(), after };
const { random, chance } = createRandom();

const keys = new FrameKeyStore(clock);
const transforms: FrameTransforms = new FrameTransforms(keys, clock, {
  slotsChanged: changes => scope.postMessage({ type: 'slots', changes }),
  proofChanged: (leaf, _epoch, state) => {
    scope.postMessage({ type: 'proof', leaf, state });
    if (state === 'contradicted') void host.contradicted(leaf);
  },
  digestReady: digest => void host.digestReady(digest),
});

const host: WorkerHost = new WorkerHost({
  frames: {
    addEpoch: (epoch, baseKey) => keys.addEpoch(epoch, baseKey),
    sendAs: (leaf, epoch, context) => keys.sendAs(leaf, epoch, context),
    stopSending: () => keys.stopSending(),
    retireEpoch: (epoch, at) => keys.retireEpoch(epoch, at),
    setLeaves: leaves => keys.setLeaves(leaves),
    acceptDigest: (leaf, digest) => void transforms.acceptDigest(leaf, digest),
    get counts() { return transforms.counts; },
  },
  store: new IndexedDeviceStore(),
  random,
  chance,
  now: () => performance.now(),
  today: () => Date.now(),
  after: (milliseconds, run) => after(milliseconds, () => void run()),
  post: message => scope.postMessage(message),
});

scope.onrtctransform = ({ transformer }) => transforms.attach(transformer);
scope.onmessage = ({ data: message }) => {
  if (message.type === 'payloadTypes') transforms.setPayloadTypes(message.connection, message.payloadTypes);
  else if (message.type === 'reportSlots') transforms.reportSlots(message.slots);
  else void host.handle(message);
};

import { FrameKeyStore, type FrameClock } from '../../e2ee/frames/keys';
import { FrameTransforms, type ScriptTransformer } from '../../e2ee/frames/transforms';
import { measureCosts } from './cost';
import type { ProofCommand, ProofReport } from './messages';

/** The page's types know no worker: what one has beside them. */
const scope = self as unknown as {
  postMessage(report: ProofReport): void;
  onmessage: ((event: MessageEvent<ProofCommand>) => void) | null;
  onrtctransform: ((event: { transformer: ScriptTransformer }) => void) | null;
};

const clock: FrameClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};
const keys = new FrameKeyStore(clock);
const transforms = new FrameTransforms(keys, clock, {
  slotsChanged: changes => scope.postMessage({ type: 'slots', changes }),
  proofChanged: (leaf, _epoch, state) => scope.postMessage({ type: 'proof', leaf, state }),
  digestReady: digest => scope.postMessage({ type: 'digest', digest }),
});

scope.onrtctransform = ({ transformer }) => transforms.attach(transformer);
scope.onmessage = ({ data: command }) => {
  switch (command.type) {
    case 'payloadTypes': return transforms.setPayloadTypes(command.connection, command.payloadTypes);
    case 'addEpoch': return keys.addEpoch(command.epoch, command.baseKey);
    case 'sendAs': return keys.sendAs(command.leaf, command.epoch, 0);
    case 'setLeaves': return keys.setLeaves(new Set(command.leaves));
    case 'acceptDigest': return void transforms.acceptDigest(command.leaf, command.digest);
    case 'report': return scope.postMessage({ type: 'counts', counts: transforms.counts });
    case 'measure': return void measureCosts(clock, command.rounds).then(costs => scope.postMessage({ type: 'costs', costs }));
  }
};

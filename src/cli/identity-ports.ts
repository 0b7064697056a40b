/** What a run is told of identity: what is known of BMCs, who vouches for new ones, and what must not be touched. */
import { pinsByAddress } from '../run/known-bmcs.ts';
import { protectionFiles, readProtection } from '../run/protected-hosts.ts';
import type { RunRequest } from '../run/session.ts';
import type { View } from '../view/view.ts';
import { ask } from './ask.ts';
import type { Target } from './target.ts';

type Vouch = RunRequest['vouch'];

/** --accept-new vouches, else whoever sits at the terminal; --yes does not (design §5). A lab's own machines need no word. */
export function identityPorts(target: Target, stateDir: string, acceptsNew: boolean, view: Pick<View, 'aside'>) {
  const accepts: Vouch = () => Promise.resolve('accept-new');
  const asks: Vouch = async (who, signal) =>
    (await view.aside(() => ask(`${who}\nIs it the right machine?`, signal))) ? 'asked' : null;
  return {
    pins: target.ownPins ?? pinsByAddress(stateDir),
    vouch: acceptsNew || target.ownPins ? accepts : asks,
    protection: readProtection(protectionFiles(process.env, stateDir)),
  };
}

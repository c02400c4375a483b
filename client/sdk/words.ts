/** The words of the contract that are values: who may do what, how rooms are run, which reactions there are. */
export {
  chatReaches,
  may,
  powers,
  presets,
  reactions,
  roles,
  roomKinds,
  successions,
} from '../../server/signalling/contract/words.ts';

/** The words of the contract that are values: who may do what, how rooms are run and called, which reactions there are. */
export {
  aboutDialIn,
  chatReaches,
  dialInLine,
  dialLink,
  groupsOf,
  may,
  powers,
  presets,
  reactions,
  roles,
  roomKinds,
  successions,
} from '../../server/signalling/contract/words.ts';

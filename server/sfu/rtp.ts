/**
 * mediasoup's RTP dictionaries as the contract has them. They differ in one header extension, which the types of
 * clients do not know; nothing is lost without it.
 */
import type { types } from 'mediasoup';
import type { RtpCapabilities, RtpParameters } from '../signalling/contract/rtp.ts';

type Uri = types.RtpHeaderExtensionUri;
type ClientUri = NonNullable<RtpParameters['headerExtensions']>[number]['uri'];

function isForClients<E extends { uri: Uri }>(extension: E): extension is E & { uri: ClientUri } {
  return extension.uri !== 'urn:ietf:params:rtp-hdrext:toffset';
}

export function capabilitiesForClients(capabilities: types.RtpCapabilities): RtpCapabilities {
  return {
    ...capabilities,
    headerExtensions: (capabilities.headerExtensions ?? []).filter(isForClients),
  };
}

export function parametersForClients(parameters: types.RtpParameters): RtpParameters {
  return {
    ...parameters,
    headerExtensions: (parameters.headerExtensions ?? []).filter(isForClients),
  };
}

/**
 * What a client says that it sends, without what only the client itself needs. One of those, a bitrate that is no
 * whole number, would leave mediasoup unable to say anything more to that worker, for all rooms on it.
 */
export function parametersForProducer(parameters: RtpParameters): types.RtpParameters {
  return {
    ...parameters,
    encodings: (parameters.encodings ?? []).map(({ maxBitrate: _, ...encoding }) => encoding),
  };
}

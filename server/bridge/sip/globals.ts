/**
 * JsSIP is made for browsers: it takes its peer connections from the global scope, and has no way to be given another
 * kind. The bridge's process has nothing else in that place, so this is done once, here, when the process starts.
 */
import { CallConnection } from './peer-connection.ts';

/** JsSIP makes these of what it gives to `setRemoteDescription`. */
class SessionDescription implements RTCSessionDescriptionInit {
  readonly type: RTCSdpType;
  readonly sdp: string;

  constructor({ type, sdp = '' }: RTCSessionDescriptionInit) {
    this.type = type;
    this.sdp = sdp;
  }
}

/** Lets JsSIP find `CallConnection` where it looks for a browser's RTCPeerConnection. */
export function provideGlobals(): void {
  Object.assign(globalThis, {
    window: { RTCPeerConnection: CallConnection },
    RTCPeerConnection: CallConnection,
    RTCSessionDescription: SessionDescription,
  });
}

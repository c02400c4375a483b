/** RTCP reports (RFC 3550, 6.4), written and read by werift-rtp: a few a second, so its objects do not matter. */
import {
  RtcpPacketConverter,
  RtcpReceiverInfo,
  RtcpRrPacket,
  RtcpSenderInfo,
  RtcpSourceDescriptionPacket,
  RtcpSrPacket,
  SourceDescriptionChunk,
  SourceDescriptionItem,
} from 'werift-rtp';
import type { ReceptionReport } from './reception.ts';

/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_OFFSET = 2_208_988_800;
const CNAME = 1;

/** What a sender says of its stream. */
export interface SenderState {
  ssrc: number;
  rtpTimestamp: number;
  packets: number;
  octets: number;
}

/** What the other side has said, and when; for the round trip. */
export interface ReportState {
  /** The middle 32 bits of the NTP time in the last sender report; 0 before one. */
  lastReport: number;
  /** When it came, in ms. */
  at: number;
}

/**
 * A sender report, or a receiver report when nothing is sent, with the name of the source as it has to be.
 * @param wallMs ms since 1970
 * @param now ms of the clock that `heard.at` is by
 */
export function writeReport(
  sender: SenderState,
  reception: ReceptionReport | null,
  heard: ReportState,
  wallMs: number,
  now: number,
): Buffer {
  const reports = reception
    ? [
        new RtcpReceiverInfo({
          ...reception,
          lsr: heard.lastReport,
          // A tick that is late is counted from when it was due, and the report may have come after that.
          dlsr: heard.lastReport === 0 ? 0 : Math.round((Math.max(now - heard.at, 0) * 65_536) / 1_000),
        }),
      ]
    : [];
  const ssrc = sender.ssrc;
  const report =
    sender.packets === 0
      ? new RtcpRrPacket({ ssrc, reports })
      : new RtcpSrPacket({
          ssrc,
          reports,
          senderInfo: new RtcpSenderInfo({
            ntpTimestamp: ntpTime(wallMs),
            rtpTimestamp: sender.rtpTimestamp >>> 0,
            packetCount: sender.packets >>> 0,
            octetCount: sender.octets >>> 0,
          }),
        });
  const text = `bridge-${ssrc.toString(16)}`;
  const name = new RtcpSourceDescriptionPacket({
    chunks: [
      new SourceDescriptionChunk({ source: ssrc, items: [new SourceDescriptionItem({ type: CNAME, text })] }),
    ],
  });
  return Buffer.concat([report.serialize(), name.serialize()]);
}

export interface ReadReport {
  /** The middle 32 bits of the sender's NTP time; null in a receiver report. */
  senderTime: number | null;
  /** What is said of our stream; null when nothing is. */
  about: { packetsLost: number; jitterTicks: number; roundTripMs: number | null } | null;
}

/**
 * What RTCP says of our stream `ssrc`; null when it holds no report.
 * @param wallMs ms since 1970
 */
export function readReport(packet: Buffer, ssrc: number, wallMs: number): ReadReport | null {
  const report = attempt(packet)?.find((one) => one instanceof RtcpSrPacket || one instanceof RtcpRrPacket);
  if (!report) return null;
  const senderTime = report instanceof RtcpSrPacket ? middleOf(report.senderInfo.ntpTimestamp) : null;
  const about = report.reports.find((one) => one.ssrc === ssrc);
  if (!about) return { senderTime, about: null };
  const sinceReport = (middleOf(ntpTime(wallMs)) - about.lsr - about.dlsr) | 0;
  return {
    senderTime,
    about: {
      // 24 bits with a sign.
      packetsLost: (about.packetsLost << 8) >> 8,
      jitterTicks: about.jitter,
      roundTripMs: about.lsr === 0 || sinceReport < 0 ? null : (sinceReport * 1_000) / 65_536,
    },
  };
}

/** The library throws at what is cut off. */
function attempt(packet: Buffer): ReturnType<typeof RtcpPacketConverter.deSerialize> | null {
  try {
    return RtcpPacketConverter.deSerialize(packet);
  } catch {
    return null;
  }
}

function middleOf(ntp: bigint): number {
  return Number((ntp >> 16n) & 0xffff_ffffn);
}

function ntpTime(wallMs: number): bigint {
  const seconds = Math.floor(wallMs / 1_000);
  const fraction = Math.floor(((wallMs - seconds * 1_000) / 1_000) * 0x1_0000_0000);
  return (BigInt(seconds + NTP_OFFSET) << 32n) | BigInt(fraction);
}

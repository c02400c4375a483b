/** Debian's Chromium, headless, with a voice and a face of its own for each process. */
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { makeFace, makeVoice } from './fake-devices.ts';
import type { Persona } from './fake-devices.ts';

export const CHROMIUM = '/usr/bin/chromium';

/** What every Chromium of the tests is started with. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

export interface ChromiumOptions {
  /** Whose voice and face the fake devices have; Chromium's own beep and clock if absent. */
  persona?: Persona;
  /** Size of the persona's picture, in pixels. */
  camera?: { width: number; height: number };
  /** Plays aloud: what a tab plays can be shared only then. */
  aloud?: boolean;
  args?: readonly string[];
}

/** Starts one Chromium. Fake devices belong to a process, so that each persona needs one. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const { persona, camera, aloud = false, args = [] } = options;
  const devices = persona
    ? [
        `--use-file-for-fake-audio-capture=${await makeVoice(persona)}`,
        `--use-file-for-fake-video-capture=${await makeFace(persona, camera)}`,
      ]
    : [];
  return chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [...CHROMIUM_ARGS, ...devices, ...args],
    ignoreDefaultArgs: aloud ? ['--mute-audio'] : [],
  });
}

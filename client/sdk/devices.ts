/** Local devices, for apps: apart from the room client, so that a page without a room loads nothing of it. */
export { DeviceError } from './devices/errors.ts';
export type { DeviceErrorCode } from './devices/errors.ts';
export { LevelMeter } from './devices/level-meter.ts';
export type { Level } from './devices/level-meter.ts';
export { DeviceWatch } from './devices/list.ts';
export type { Device, DeviceList } from './devices/list.ts';
export { openCamera, openMicrophone, openScreen } from './devices/open.ts';
export type { OpenCameraOptions, OpenOptions, Screen } from './devices/open.ts';
export { canChooseSpeaker, playTestTone, setSpeaker } from './devices/speaker.ts';
export { watchSpeaking } from './devices/speaking.ts';

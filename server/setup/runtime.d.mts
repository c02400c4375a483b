export const NODE_VERSION: string;
export function isSuitableNode(version: string): boolean;
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string;
export function isInstalled(lockText: string, installedText: string | undefined): boolean;
export function signalFilter(windowMs: number): (signal: string, nowMs: number) => boolean;

/** A room with a time: who comes early waits for it, and it goes into a calendar. */
import { readFile } from 'node:fs/promises';
import ICAL from 'ical.js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../helpers/api-client.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { personas } from '../helpers/fake-devices.ts';
import { RoomPage } from '../helpers/room-page.ts';
import { ServerProcess } from '../helpers/server-process.ts';

/** From when the time is set until it has come, in ms: a page has to be seen waiting in between. */
const AHEAD_MS = 10_000;

describe('A room with a time', () => {
  let server: ServerProcess;
  let browser: Browser;
  let api: ApiClient;

  beforeAll(async () => {
    server = await ServerProcess.start({ env: { OPENS_BEFORE_MINUTES: '0' } });
    api = await ApiClient.of(server, 'rooms:write');
    browser = await launchChromium({ persona: personas[0] });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it('tells early comers when it opens, counts the time down, and lets them in by itself', async () => {
    await api.call('POST', 'rooms', { name: 'soiree' });
    const early = await RoomPage.open(browser, { serverUrl: server.url, room: 'soiree', name: 'Early' });
    const startsAt = Date.now() + AHEAD_MS;
    await api.call('PATCH', 'rooms/soiree', { startsAt });
    await early.knock();
    await early.page.getByRole('heading', { name: /^The room opens (at|on .+ at) \d+:\d\d/ }).waitFor();
    const left = early.page.getByRole('timer');
    const secondsLeft = async (): Promise<number> =>
      Number(/^In 0:(\d\d)$/.exec(await left.innerText())?.[1] ?? NaN);
    const first = await secondsLeft();
    expect(first).toBeLessThanOrEqual(AHEAD_MS / 1_000);
    await expect.poll(secondsLeft).toBeLessThan(first);
    await early.phase('joined');
    expect(Date.now()).toBeGreaterThanOrEqual(startsAt);
    expect(early.problems).toEqual([]);
    await early.close();
  });

  it('can be put into a calendar, with its link', async () => {
    // The same day in all but the easternmost time zones.
    const startsAt = Date.UTC(2030, 4, 17, 11, 30);
    const ana = await RoomPage.make(browser, { serverUrl: server.url, name: 'Ana', kind: 'meeting' });
    await api.call('PATCH', `rooms/${ana.room}`, { startsAt });
    await ana.more('Invite');
    await ana.page.getByTestId('invite').getByText('May 17, 2030').waitFor();
    const [download] = await Promise.all([ana.page.waitForEvent('download'), ana.press('Add to calendar')]);
    expect(download.suggestedFilename()).toBe(`${ana.room}.ics`);
    const calendar = ICAL.Component.fromString(await readFile(await download.path(), 'utf8'));
    const [entry, ...others] = calendar.getAllSubcomponents('vevent');
    expect(others).toEqual([]);
    const event = new ICAL.Event(entry);
    expect(event.startDate.toJSDate().getTime()).toBe(startsAt);
    expect(event.endDate.compare(event.startDate)).toBe(1);
    expect(event.summary).toBe(ana.room);
    expect(event.location).toBe(new URL(`r/${ana.room}`, server.url).href);
    expect(event.description).toContain(event.location);
    expect(ana.problems).toEqual([]);
    await ana.close();
  });
});

/** Notes of the system for calls that come while the page is not looked at. */
import { useEffect, useState } from 'react';

export type NotesPermission = NotificationPermission | 'unsupported';

/** @param calling what to say while somebody calls; null while nobody does */
export function useCallNotes(calling: string | null): void {
  useEffect(() => {
    if (calling === null || !document.hidden || permission() !== 'granted') return undefined;
    const note = show(calling);
    return () => note?.close();
  }, [calling]);
}

/** Whether notes may be shown, and the way to ask for it. */
export function useNotesPermission(): [NotesPermission, () => Promise<void>] {
  const [state, setState] = useState(permission);
  return [state, async () => setState(await Notification.requestPermission())];
}

function permission(): NotesPermission {
  // Absent on plain HTTP and on some telephones, whatever the types say.
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

function show(words: string): Notification | null {
  try {
    const note = new Notification(words, { requireInteraction: true });
    note.addEventListener('click', () => window.focus());
    return note;
  } catch {
    // Browsers of telephones show notes of service workers only: the ringing must do.
    return null;
  }
}

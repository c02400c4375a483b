/** Telephone numbers by which rooms are called, as the operator writes them down. */
import parsePhoneNumber from 'libphonenumber-js/min';
import { z } from 'zod';
import type { DialIn } from '../conference/model.ts';

/** International, or as the PBX has it; with what people put between digits (RFC 3966, visual separators). */
const typed = z
  .string()
  .trim()
  .regex(/^\+?\d[\d\s().-]{0,31}$/, 'must be a telephone number, such as +54 11 5252 5252');

export const dialIn = z
  .strictObject({
    number: typed,
    label: z.string().trim().min(1).max(64).nullable().default(null),
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/, 'must be the code of a language, such as es')
      .nullable()
      .default(null),
  })
  .transform(({ number, ...words }): DialIn => {
    // Without a country in front, as in an extension, there is nothing that could be known of it.
    const known = parsePhoneNumber(number);
    return {
      ...words,
      number: known?.number ?? number.replace(/[^\d+]/g, ''),
      written: known?.formatInternational() ?? number,
      country: known?.country ?? null,
    };
  });

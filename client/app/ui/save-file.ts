/** Files that people take along. */

export interface TextFile {
  readonly name: string;
  /** A media type. */
  readonly type: string;
  readonly content: string;
}

/** Spreadsheets take a CSV for one in the local code page unless it begins with this. */
const BYTE_ORDER_MARK = '\uFEFF';

export function attendanceFile(room: string, csv: string): TextFile {
  return { name: `${room}-attendance.csv`, type: 'text/csv', content: BYTE_ORDER_MARK + csv };
}

/** Hands a file to the browser, which saves it or asks where to. */
export function saveFile({ name, type, content }: TextFile): void {
  const url = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

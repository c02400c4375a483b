import { useEffect, useState } from 'react';

/** True once a condition has held for a while, so that what passes by itself is not told. @param afterMs in ms */
export function useLasting(condition: boolean, afterMs: number): boolean {
  const [hasLasted, setLasted] = useState(false);
  useEffect(() => {
    if (!condition) return undefined;
    const timer = setTimeout(() => setLasted(true), afterMs);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [condition, afterMs]);
  return hasLasted;
}

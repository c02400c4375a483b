/** The sign of the house: three voices in one bubble. */
export function Logo() {
  return (
    <svg viewBox="0 0 64 64" width="32" height="32" aria-hidden="true">
      <rect width="64" height="64" rx="16" fill="#1d6b54" />
      <path
        d="M32 12c12.200 0 21 7.900 21 18.200S44.200 48.400 32 48.400c-2 0-4-.2-5.800-.6L16.500 54l1.300-10C13.600 40.700 11 35.800 11 30.200 11 19.900 19.800 12 32 12Z"
        fill="#fbf7f0"
      />
      <circle cx="22.500" cy="30.500" r="4.500" fill="#c8553d" />
      <circle cx="32" cy="30.500" r="4.500" fill="#f2a93b" />
      <circle cx="41.500" cy="30.500" r="4.500" fill="#1d6b54" />
    </svg>
  );
}

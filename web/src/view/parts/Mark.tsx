/** The mark: a joglo roof on its pillars. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="currentColor" aria-hidden="true" focusable="false">
      <path d="M12.2 3.5h7.6l3.5 7.4H8.7z" />
      <path d="M7.8 12.4h16.4L30 18.6H2z" />
      <path d="M5.4 20.2h2.3v6H5.4zM12.6 20.2h2.3v6h-2.3zM17.1 20.2h2.3v6h-2.3zM24.3 20.2h2.3v6h-2.3z" />
      <path d="M3 27.3h26v2H3z" />
    </svg>
  );
}

/** A name of the database's, which may be broken behind its underscores and dots, and not in its words. */
export function Name({ of }: { of: string }) {
  const parts = of.split(/(?<=[_.])/).map((part, at) => ({ part, at }));
  return (
    <>
      {parts.map(({ part, at }) => (
        <>
          {at > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  );
}

/** Does `work` so often, at most `lanes` at a time. */
export async function inLanes(count: number, lanes: number, work: () => Promise<void>): Promise<void> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

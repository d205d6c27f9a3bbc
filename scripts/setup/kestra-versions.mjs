/**
 * The Kestra versions that the embedded engine is built from; the first is the one that is deployed.
 * @type {readonly ['1.3.31', '2.0.0']}
 */
export const KESTRA_VERSIONS = ['1.3.31', '2.0.0'];

/** @typedef {(typeof KESTRA_VERSIONS)[number]} KestraVersion */

/** The oldest JDK that each starts on. @type {Record<KestraVersion, number>} */
export const OLDEST_JDK = { '1.3.31': 21, '2.0.0': 25 };

/** What is wrong with any other value. */
export const UNKNOWN_VERSION = `one of ${KESTRA_VERSIONS.join(' and ')}`;

/**
 * The version that is wanted; throws for one that is none of ours.
 * @param {string | undefined} given
 * @returns {KestraVersion}
 */
export function kestraVersion(given) {
  if (!given) return KESTRA_VERSIONS[0];
  const found = KESTRA_VERSIONS.find((version) => version === given);
  if (!found)
    throw new Error(`Environment not usable (see .env.example):\n  KESTRA_VERSION: ${UNKNOWN_VERSION}`);
  return found;
}

/** How set-up is called for a version. @param {KestraVersion} version */
export const setupCommand = (version) =>
  version === KESTRA_VERSIONS[0] ? 'npm run setup' : `KESTRA_VERSION=${version} npm run setup`;

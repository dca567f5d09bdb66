/** The release, as `package.json` names it; joined into the bundle when it is built. */
import manifest from '../../package.json' with { type: 'json' }

export const version: string = manifest.version

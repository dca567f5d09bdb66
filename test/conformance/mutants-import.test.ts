/** Spoilt messages of every kind that the official import schema speaks of. */
import { suiteOfMutants } from './mutants.ts'

suiteOfMutants('import')

/** Spoilt messages of every kind that the official export schema speaks of. */
import { suiteOfMutants } from './mutants.ts'

suiteOfMutants('export')

/**
 * What script adds to the desks: keys, rows that open, copying, news. Every page works without it.
 * It writes text and attributes only, never HTML.
 */
import './desk.css'
import { goOnEndlessly } from './desk-endless.ts'
import { enhanceForms } from './desk-forms.ts'
import { listenToKeys } from './desk-keys.ts'
import { listenToNews } from './desk-live.ts'
import { watchOperator } from './operator.ts'

document.documentElement.classList.add('with-script')
listenToKeys()
enhanceForms()
goOnEndlessly()
watchOperator()
listenToNews()

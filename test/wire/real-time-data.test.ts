/** The 179 interface on the wire: what is an answer, and that whatever is none only means: again. */
import { describe, expect, it } from 'vitest'
import { ANSWER_BYTES_MAX } from '../../src/kernel/limits.ts'
import { formOf, httpRealTimeData, readAnswer } from '../../src/wire/real-time-data.ts'

const uploadTo = (answer: () => Response | Promise<Response>) => {
  const requests: { url: string; init: RequestInit }[] = []
  const uploads = httpRealTimeData({
    ...{ url: 'https://customs.example/upload', timeoutMs: 1_000 },
    fetch: async (url, init = {}) => {
      requests.push({ url: String(url), init })
      return answer()
    },
  })
  return { requests, upload: (body: string) => uploads.upload(body) }
}

describe('an upload', () => {
  it('is one form field in UTF-8 that decodes to the very text', async () => {
    const body = '{"a":"奶粉 +&=%||\\"👶\\n"}'
    const { requests, upload } = uploadTo(() => Response.json({ code: '10000', message: 'ok' }))
    expect(await upload(body)).toEqual({
      ...{ kind: 'answered', code: '10000', message: 'ok', serviceTime: '' },
    })
    const [request] = requests
    expect(new Headers(request?.init.headers).get('content-type')).toBe(
      'application/x-www-form-urlencoded; charset=utf-8',
    )
    const sent = await new Response(request?.init.body).text()
    expect(sent).toBe(formOf('payExInfoStr', body))
    expect([...new URLSearchParams(sent)]).toEqual([['payExInfoStr', body]])
    expect(request?.init.redirect).toBe('manual')
  })

  it.each([
    ['a 503', () => new Response('busy', { status: 503 }), 'HTTP 503'],
    ['a wrong address', () => Response.json({ code: '10000' }, { status: 404 }), 'HTTP 404'],
    ['a redirect', () => Response.redirect('https://elsewhere.example', 302), 'HTTP 302'],
    ['a page', () => new Response('<html>'), 'ANSWER-UNREADABLE'],
    ['nothing', () => new Response(null), 'ANSWER-UNREADABLE'],
    [
      'an endless answer',
      () => new Response(`{"code":"10000","message":"${'x'.repeat(ANSWER_BYTES_MAX)}"}`),
      'ANSWER-UNREADABLE',
    ],
    [
      'a broken line',
      () => Promise.reject(Object.assign(new TypeError('fetch failed'), {})),
      'TypeError',
    ],
  ])('that meets %s is not answered', async (_what, answer, reason) => {
    const { upload } = uploadTo(answer as () => Response)
    expect(await upload('{}')).toEqual({ kind: 'unavailable', reason })
  })
})

describe('an answer', () => {
  it('may spell its code and time as numbers', () => {
    expect(
      readAnswer('{"code":20004,"message":null,"total":0,"serviceTime":1544519952469}'),
    ).toEqual({ kind: 'answered', code: '20004', message: '', serviceTime: '1544519952469' })
  })

  it.each(['null', '[]', '{}', '{"code":""}', '{"code":"ok"}', '{"code":{}}', '"10000"', ''])(
    'is not %s',
    (text) => {
      expect(readAnswer(text)).toEqual({ kind: 'unavailable', reason: 'ANSWER-UNREADABLE' })
    },
  )
})

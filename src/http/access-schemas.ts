/** Shape of the log of accesses. */
import { z } from '@hono/zod-openapi'
import { accessDeeds } from '../store/access-deeds.ts'

export const accessSorts = accessDeeds

export const accessList = z
  .object({
    accesses: z.array(
      z.object({
        id: z.string(),
        at: z.string(),
        actor: z.string().openapi({
          description:
            '企业编号、operator、committee 或 customs / enterprise id, operator, committee, customs',
        }),
        actorName: z.string().nullable(),
        userId: z.string().nullable(),
        userName: z
          .string()
          .nullable()
          .openapi({ description: '仅运营者可见 / shown to operators alone' }),
        keyId: z.string().nullable().openapi({ description: 'API 密钥编号 / id of the API key' }),
        what: z.enum(accessSorts),
        enterpriseId: z.string().openapi({
          description: '所属企业；网关自身的为空 / whose it is; empty of what is the gateway’s own',
        }),
        enterpriseName: z.string().nullable(),
        orderNo: z.string(),
        subject: z.string().openapi({
          description:
            '对象的编号或名称，如支付数据、回执、单证、用户、密钥、委托 / id or name of what it was done to',
        }),
        requestId: z.string(),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('AccessList')

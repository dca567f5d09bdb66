/**
 * Every bound of the gateway, each with its reason. A loop, queue, body or retry without a line
 * here is a defect.
 */

/** Documents in one message: the standard's own cap. */
export const DOCUMENTS_PER_MESSAGE_MAX = 100
/** Receivers of one message: the DXP schema's own cap. */
export const RECEIVERS_PER_MESSAGE_MAX = 5
/**
 * Lines of a document in a group that the standard leaves without bound (507, 509, 607, 701, 711):
 * the longest of them take 35 MB as XML. More are split over `msgCount` documents.
 */
export const LINES_PER_DOCUMENT_MAX = 10_000
/** Documents in one JSON batch; more belong in an NDJSON stream. Keeps one transaction short. */
export const DOCUMENTS_PER_BATCH_MAX = 2_000
/** Documents of a stream stored in one transaction. */
export const STREAM_CHUNK_DOCUMENTS = 200
/** A JSON or XML body. 2,000 documents of 12 KB; a single message of 100 maximal lists fits. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024
/**
 * Of a body that is too long, so much is read and thrown away before the refusal: a sender who is
 * still sending hears an answer then, and not a connection that breaks. Longer ones are cut off.
 */
export const REFUSED_BYTES_MAX = 128 * 1024 * 1024
/** One NDJSON line: a list of 99 maximal lines is about 400 KB. */
export const LINE_BYTES_MAX = 1024 * 1024
/** One reply message from customs (100 replies are about 60 KB; CEB900 echoes a whole message). */
export const REPLY_BYTES_MAX = 32 * 1024 * 1024
/** Element nesting; the deepest message of the standard has 7 levels. */
export const XML_DEPTH_MAX = 16
/** Tags, comments and the like of one document read as a tree; 100 maximal lists have 700,000. */
export const XML_MARKUP_MAX = 1_000_000
/**
 * Elements of a message that only the thorough reader can take, which costs about 7 µs each. A
 * hundred lists of 99 maximal lines have 250,000.
 */
export const XML_ELEMENTS_MAX = 300_000
/** Faults reported for one document; beyond it the sender has a systematic problem. */
export const FAULTS_PER_DOCUMENT_MAX = 100
/** Warnings of the check beside them: counted apart, so that they never hide what refuses. */
export const WARNINGS_PER_DOCUMENT_MAX = 100
/** Codes named for one that is not in its list. */
export const CODES_SUGGESTED_MAX = 3
/** Longer values are no code and no name of one; the longest name in a list has 31 characters. */
export const CODE_NAME_LENGTH_MAX = 64
/** Different values of one document that near codes are looked for; each costs 15 to 45 µs. */
export const CODE_SEARCHES_PER_DOCUMENT_MAX = 20
/**
 * Documents composed in one transaction, of all kinds and senders: the more, the fuller messages get,
 * and each message costs a signature, an envelope and a delivery.
 */
export const COMPOSE_BATCH_MAX = 800
/** Messages sent by one run of dispatch, all at once; each takes about 2 MB on its way. */
export const DISPATCH_BATCH_MAX = 12
/** Reply messages folded in one transaction. */
export const REPLY_BATCH_MAX = 12
/** Consignments matched in one transaction. */
export const MATCH_BATCH_MAX = 1_000
/**
 * Sending attempts before a message needs an operator, over a link that carries others; with the
 * back-off below about three days.
 */
export const DISPATCH_ATTEMPTS_MAX = 40
export const BACKOFF_FIRST_MS = 1_000
export const BACKOFF_MAX_MS = 2 * 3_600_000
/** Failures in a row, without a message taken in between, after which a link counts as down. */
export const BREAKER_FAILURES_MAX = 3
/** From one pilot over a link that is down to the next, at first and at most. */
export const BREAKER_RETRY_FIRST_MS = 1_000
export const BREAKER_RETRY_MAX_MS = 60_000
/** From one batch to the next over a link that has just come back. */
export const DRAIN_PAUSE_MS = 250
/** A link that took a message within so long is alive: one that still fails has itself to blame. */
export const LINK_ALIVE_MS = 10 * 60_000
/** How exactly it is known when a link last took a message. */
export const LINK_SENT_NOTED_MS = 5_000
/**
 * A message the exchange platform had trouble with is sent again by itself up to so many times, first
 * after so long and then after twice that each time: some four hours. Then a person must look.
 */
export const EXCHANGE_RESENDS_MAX = 8
export const EXCHANGE_RESEND_FIRST_MS = 60_000
/** Sendings of one message on somebody's word, all told: more will not help it. */
export const MESSAGE_ROUNDS_MAX = 200
/** Replies tried again by one request; the answer says whether more are left. */
export const RETRY_REPLIES_MAX = 10_000
/** Single replies of one reply message that are shown in a list, and beside the reply itself. */
export const REPLY_NUMBERS_SHOWN_MAX = 10
export const REPLY_SINGLES_SHOWN_MAX = 200
/** Attempts at a reply that fails for a reason of our own before an operator must look. */
export const REPLY_ATTEMPTS_MAX = 8
/** A stored Idempotency-Key answer is kept this long, in hours. */
export const IDEMPOTENCY_HOURS = 24
export const IDEMPOTENCY_KEY_LENGTH_MAX = 200
/** Rows of one page of a listing, unless more or fewer are asked for, and at most. */
export const PAGE_ROWS = 50
export const PAGE_ROWS_MAX = 200
/** Stage runs inside one Worker invocation after intake: bounded by the platform's time limit. */
export const WORKER_ROUNDS_MAX = 20

/**
 * Connections of one process to a PostgreSQL server, and the longest statement, by what they are for:
 * whatever waits in one of them holds up none of the others. Two gateways take 64 of the hundred that
 * a server has by default. Of all that may be busy, two cores keep some ten so.
 */
export const DATABASE_POOLS = {
  /** Handing in. */
  intake: { connections: 8, statementMs: 30_000 },
  /** Stages, and replies of customs. */
  link: { connections: 10, statementMs: 30_000 },
  /** Reading single documents and pages of lists. */
  query: { connections: 6, statementMs: 15_000 },
  /** Totals, live figures, what is due: statements that may take long. */
  report: { connections: 4, statementMs: 30_000 },
  /** Keys, sessions, enterprises; every request of anybody passes here first. */
  account: { connections: 4, statementMs: 10_000 },
} as const
/** Connections of a pool that is opened by itself: commands, and everything of a test. */
export const DATABASE_CONNECTIONS_MAX = 10
/** Waiting for a free connection or for the server to answer a new one, in milliseconds. */
export const DATABASE_CONNECT_MS_MAX = 15_000
/** An idle connection is closed after this, so that quiet processes leave room for busy ones. */
export const DATABASE_IDLE_MS_MAX = 30_000
/** One statement; the longest batch takes under a second, a report at most a few. */
export const DATABASE_STATEMENT_MS_MAX = 30_000
/** A transaction that says nothing has lost its program; its locks must not outlive it. */
export const DATABASE_IDLE_TRANSACTION_MS_MAX = 60_000
/** Bytes of one stream chunk: with the line bound it caps what one stream holds in memory. */
export const STREAM_CHUNK_BYTES_MAX = 4 * 1024 * 1024
/** A stream chunk is stored when no further line came for so long: senders may wait for answers. */
export const STREAM_LINGER_MS = 20
/** A JSON body of an account route (enterprise, key, mandate); the largest holds a certificate. */
export const ACCOUNT_BODY_BYTES_MAX = 64 * 1024
/** How long a checked API key is believed without asking the database: a revoked one dies so late. */
export const KEY_CACHE_SECONDS = 10
/** API keys believed at once; the oldest is forgotten first. */
export const KEY_CACHE_ENTRIES_MAX = 10_000
/** Longest Authorization value looked at; our keys have 68 characters. */
export const BEARER_LENGTH_MAX = 512
/** Tries at one transaction that the database broke off because of a deadlock. */
export const TRANSACTION_TRIES_MAX = 5
/** Versions of one document inside one batch; each needs a round of its own. */
export const INTAKE_ROUNDS_MAX = 8
/** A document whose sender lost its key or account is tried again after this long. */
export const COMPOSE_RETRY_SECONDS = 60
/** An HTTP answer read only to keep its connection; a longer one costs more than a new one. */
export const ANSWER_BYTES_MAX = 64 * 1024
/** Connections to the embedded database, of all processes; each waits for its turn anyway. */
export const EMBEDDED_CONNECTIONS_MAX = 64
/** Connections of one pool to the embedded database: one works while the next is already queued. */
export const EMBEDDED_POOL_MAX = 4
/** How often the embedded database looks whether it must vacuum, in milliseconds. */
export const EMBEDDED_CHORE_MS = 5_000
/** Log written before it vacuums, analyses and checkpoints: one segment; recovery stays short. */
export const EMBEDDED_CHORE_WAL_BYTES = 16 * 1024 * 1024
/** A Unix socket's path; systems allow 104 or 108 bytes with the closing zero. */
export const SOCKET_PATH_BYTES_MAX = 100
/** Tries at a data folder before another starter is taken for its holder. */
export const LOCK_ATTEMPTS_MAX = 4
export const LOCK_RETRY_MS = 40
/** Figures of the pages are read again after this long, however many pages are open. */
export const PAGE_FIGURES_KEPT_MS = 3_000
/** One tick of the live view; totals go with every third, a sign of life with every fifteenth. */
export const LIVE_TICK_MS = 1_000
export const LIVE_TOTALS_TICKS = 3
export const LIVE_HEARTBEAT_TICKS = 15
/** Open live pages of one process: each holds a socket and a few KB. */
export const LIVE_PAGES_MAX = 2_000
/** Events that wait for a slow page; then it is let go and comes back after the retry time. */
export const LIVE_QUEUE_EVENTS_MAX = 16
export const LIVE_RETRY_MS = 4_000
/** A file that did not change for so long is whole; a client that does not rename writes faster. */
export const FOLDER_SETTLE_MS = 2_000
/** One that is still empty after this long stays so. */
export const FOLDER_EMPTY_MS = 60_000
/** How often a folder is looked into, and how long the pause grows while nothing can be taken. */
export const FOLDER_POLL_MS = 500
export const FOLDER_RETRY_MS_MAX = 30_000
/** Names of one look: more stay for the next, so that a folder of a million costs no memory. */
export const FOLDER_CANDIDATES_MAX = 1_000
/** Files of one round, after which readers that died are looked for again. */
export const FOLDER_ROUND_FILES_MAX = 200
/** Files read and stored at the same time. */
export const FOLDER_TAKES_MAX = 4
/**
 * A reader that showed no life for so long is dead, and its files go back: storing one takes no
 * longer than a statement may and the wait for a connection.
 */
export const FOLDER_CLAIM_MS = 60_000
/** Characters of a file's name that are kept when it is moved: with the rest below 255 bytes. */
export const FOLDER_NAME_LENGTH_KEPT = 60
/** Characters of an id that names a file: 30 of a type and what is around them fit in 255 bytes. */
export const FOLDER_ID_LENGTH_MAX = 200
/** Bytes of an envelope in which its MsgType stands, after an id of 255 characters at worst. */
export const FOLDER_TYPE_BYTES = 4_096
/** A half-written file of ours that is so old was left behind. */
export const FOLDER_LEFT_OVER_MS = 3_600_000
/** Reply messages the simulated customs holds as bytes at a time; the others wait as facts. */
export const SIM_MESSAGES_PACKED_MAX = 128
/** Single replies it lets wait before it takes no more messages: about 200 bytes each. */
export const SIM_REPLIES_WAITING_MAX = 1_000_000
/** A reply message handed out and never settled is handed out again after this long. */
export const SIM_LEASE_MS = 30_000
/** Back-off of the simulated customs; it never gives up, as the real one does not. */
export const SIM_BACKOFF_FIRST_MS = 250
export const SIM_BACKOFF_MAX_MS = 15_000
/**
 * Numbers under which it keeps documents in mind: an import consignment has one, an export
 * consignment two, a document about others one. Some 6 KB each.
 */
export const SIM_REMEMBER = 50_000
/** Lists that a summary by time picks out at most. */
export const SIM_SUMMARY_LISTS_MAX = 10_000
/** CopMsgIds it keeps in mind for every consignment: four documents, each in a message of its own. */
export const SIM_MESSAGES_PER_CONSIGNMENT = 4
/** How often its pump looks when nothing was planned, in milliseconds. */
export const SIM_IDLE_MS = 20
/** Reply messages its pump delivers at the same time. */
export const SIM_DELIVERIES_MAX = 4
/** One delivery of the simulated customs, from the first byte to the last of the answer. */
export const SIM_DELIVERY_TIMEOUT_MS = 10_000
/** A DxpMsg it takes: a message of the largest size in base64, and its frame. */
export const SIM_BODY_BYTES_MAX = Math.ceil((BODY_BYTES_MAX * 4) / 3) + 16 * 1024
/** The longest a signature of the simulated signing service can be told to take. */
export const SIM_SIGNER_DELAY_MS_MAX = 120_000
/** A record of its journal: one DxpMsg and a few facts. A longer one is damage. */
export const SIM_JOURNAL_RECORD_BYTES_MAX = SIM_BODY_BYTES_MAX + 1024
/** Text of the original message that a CEB900 repeats, in characters. */
export const SIM_ECHO_LENGTH_MAX = 1024 * 1024
/** Bytes sealed as one; a message of 100 maximal lists has 40 MB. Bounds what opening may inflate to. */
export const SEALED_PLAIN_BYTES_MAX = 64 * 1024 * 1024
/** Shorter plaintexts are sealed as they are: deflate saves little and costs more than the cipher. */
export const SEALED_DEFLATE_BYTES_MIN = 1024
/** How long an opened signing key is kept in memory; a replaced key is noticed so late. */
export const SIGNER_CACHE_SECONDS = 10
/** Signing keys kept open at once. */
export const SIGNER_CACHE_ENTRIES_MAX = 1_000
/** Where a signer stands in its pool unless it is told; smaller numbers come first. */
export const SIGNER_PRIORITY = 100
export const SIGNER_PRIORITY_MAX = 999
/** Messages leased by one run of signing for one enterprise: a queue of one signer for some seconds. */
export const SIGN_BATCH_MAX = 32
/** Signatures asked of one signer at the same time by one process. */
export const SIGNATURES_AT_ONCE = 8
/** Enterprises whose messages one process signs side by side; a slow signer holds up its own only. */
export const SIGN_QUEUES_MAX = 64
/** One answer of a signing service or a device, from the request to its last byte. */
export const SIGN_TIMEOUT_MS = 10_000
/**
 * How long a claim of signing holds: longer than a batch through the slowest signer that still
 * answers. Signing twice is harmless, the first to store wins.
 */
export const SIGN_LEASE_SECONDS = 120
/** A message that no signer would sign is tried again after this long. */
export const SIGN_RETRY_MS = 5_000
/** Failures in a row after which a signer is quarantined. */
export const SIGNER_FAILURES_MAX = 3
/** From the quarantine of a signer to the first probe, and between probes at most. */
export const SIGNER_RETRY_FIRST_MS = 5_000
export const SIGNER_RETRY_MAX_MS = 300_000
/** How often somebody looks whether a probe is due. */
export const SIGNER_PROBE_MS = 5_000
/** Signers probed at the same time. */
export const SIGNER_PROBES_MAX = 16
/** How often a signer's measured rate is noted. */
export const SIGNER_RATE_NOTED_MS = 10_000
/** The measured rate forgets within this time. */
export const SIGNER_RATE_MEMORY_MS = 60_000
/** A certificate, as base64 DER or PEM; real ones have 2 KB. */
export const CERTIFICATE_BYTES_MAX = 16 * 1024
/** How long an idle stage waits before it looks for work that nobody announced, at first… */
export const STAGE_POLL_MS = 250
/** …and at most: each look that finds nothing doubles it. An idle embedded database must rest. */
export const STAGE_POLL_MAX_MS = 2_000
/** Longest pause of a stage that fails again and again. */
export const STAGE_BACKOFF_MAX_MS = 30_000
/** How long a stopping process waits for requests under way. */
export const SHUTDOWN_MS_MAX = 10_000
/** Payloads as stored (compressed) that one batch composes; four times that and more in memory. */
export const COMPOSE_BYTES_MAX = 8 * 1024 * 1024
/** A reply dated further ahead of our clock than this is not believed. */
export const REPLY_AHEAD_HOURS = 24
/** How often kept answers that nobody can ask for any more are forgotten. */
export const HOUSEKEEPING_MS = 3_600_000
/** Characters of a text of customs that are kept and looked at; the standard's longest has 5,000. */
export const REPLY_TEXT_LENGTH_MAX = 8_000
/** Result codes read from one text; practice shows a handful. */
export const REPLY_TEXT_ITEMS_MAX = 50
/** Unknown codes told apart; a far side that invents more has them counted together. */
export const UNKNOWN_CODES_MAX = 500
/**
 * A workbook as uploaded, or a CSV that shall come back marked: held whole, because a workbook's
 * table of contents is at its end. 100,000 rows of 50 columns are some 30 MB.
 */
export const SHEET_BYTES_MAX = 64 * 1024 * 1024
/** A CSV that is read as it comes; it costs time and no memory. */
export const SHEET_CSV_BYTES_MAX = 512 * 1024 * 1024
/** Parts of a workbook; one of 40 sheets with drawings has some 200. */
export const SHEET_PARTS_MAX = 1_000
/** What all parts that are read may inflate to, as declared and as it turns out. */
export const SHEET_INFLATED_BYTES_MAX = 1024 * 1024 * 1024
/** A part may inflate to so many times its length: sheets reach 10 to 60, a bomb 1,000. */
export const SHEET_RATIO_MAX = 200
/** Smaller parts may inflate as they like. */
export const SHEET_RATIO_FROM_BYTES = 4 * 1024 * 1024
/** Shared texts of a workbook, and their length in UTF-8: they stay in memory while it is read. */
export const SHEET_STRINGS_MAX = 4_000_000
export const SHEET_STRINGS_BYTES_MAX = 96 * 1024 * 1024
/** Sheets of one workbook. */
export const SHEET_TABS_MAX = 40
/** Rows of one upload that are not blank, heads included. */
export const SHEET_ROWS_MAX = 200_000
/** Columns looked at; the widest kind has some 110. */
export const SHEET_COLUMNS_MAX = 1_000
/** Characters of one cell: what spreadsheet programs allow. */
export const SHEET_CELL_LENGTH_MAX = 32_767
/** XML of a part without a tag or a text: longer ones only wait to fill the memory. */
export const SHEET_MARKUP_LENGTH_MAX = 1024 * 1024
/** Merged ranges of one sheet. */
export const SHEET_MERGES_MAX = 100_000
/** Bytes looked at to tell how a CSV is encoded, from its first byte that is not ASCII. */
export const SHEET_ENCODING_BYTES = 64 * 1024
/** Documents and lines of a sheet stored in one transaction. */
export const SHEET_BATCH_DOCUMENTS = 200
export const SHEET_BATCH_LINES = 2_000
/** Errors and warnings told in the JSON answer; all are counted. */
export const SHEET_FAULTS_TOLD_MAX = 1_000
export const SHEET_WARNINGS_TOLD_MAX = 200
/** Results of documents told in the JSON answer; all are counted. */
export const SHEET_RESULTS_TOLD_MAX = 2_000
/** Errors and warnings marked in the returned workbook, and how many of them get a note as well. */
export const SHEET_MARKS_MAX = 20_000
export const SHEET_NOTES_MAX = 2_000
/** Parts of a multipart body, and bytes of one that is no file. */
export const FORM_PARTS_MAX = 10
export const FORM_FIELD_BYTES_MAX = 4 * 1024
/** Days of rest in a row that a deadline is moved over; the longest holidays have eight. */
export const REST_DAYS_IN_A_ROW_MAX = 31
/**
 * Cancellations or returns of one list, and summaries of one merchant, office and month, that are
 * numbered by us: two digits of the number, and what is looked through for each new one.
 */
export const DERIVED_NUMBERS_MAX = 99
/** Tries at a cancellation, return or summary whose number somebody takes at the same moment. */
export const DERIVED_NUMBER_TRIES_MAX = 3
/** Lists in one part of a summary: a part is one document of some 50 KB, and is answered by itself. */
export const SUMMARY_PART_LISTS = 1_000
/** Lists one request summarises: a hundred parts, which fill one message. More need another request. */
export const SUMMARY_LISTS_MAX = 100_000
/** Rows of one page of the summaries that are due. */
export const SUMMARY_SCOPES_PAGE = 500
/**
 * Rows of documents that others ask customs to act on, written by one statement: a departure names up
 * to 10,000 waybills, and a batch has many departures.
 */
export const TARGETS_PER_STATEMENT_MAX = 5_000
/** Parts read under one number: honest ones have a handful, and nobody's number may cost more. */
export const PARTS_PER_NUMBER_MAX = 1_000
/** Other numbers that the documents under one number go by and are looked at for its consignment. */
export const CONSIGNMENT_THREADS_MAX = 50
/** Replies folded again because customs gave the number they waited for: of each number so many. */
export const AWAITING_REPLIES_MAX = 100
/**
 * A reply about a number that nobody bears is folded once more after this long, in seconds: whoever
 * is giving a document that number at the same moment does not see the reply, nor it him. Longer
 * than any transaction lasts.
 */
export const NUMBER_RETRY_SECONDS = 120
/** Notices of one document that are read back, the latest; a list has a few, a summary some more. */
export const NOTICES_SHOWN_MAX = 200
/** Lines of a notice that are shown with it, in bytes as stored; longer ones are kept, not shown. */
export const NOTICE_LINES_SHOWN_BYTES = 64 * 1024
/** Numbers of one document by which documents it acts on are looked for, to be shown beside it. */
export const RELATED_NUMBERS_MAX = 200
/** Documents shown beside one. */
export const RELATED_SHOWN_MAX = 200
/** Rows of one queue that are counted, 1,000 of each lane: enough to see that it is far too long. */
export const QUEUE_COUNT_MAX = 64_000
/** How links and queues stand is read again after this long, however many ask. */
export const STANDING_KEPT_MS = 3_000
/** The status page asks for itself again after so many seconds. */
export const STATUS_REFRESH_SECONDS = 15
/** Signers listed on it, those in trouble first; the interface has them all. */
export const SIGNERS_SHOWN_MAX = 100
/** Minutes looked back on to tell how fast a link sends: the busiest of them counts. */
export const PACE_MINUTES = 10
/** The minute under way counts as so many seconds at least: a moment's burst is no pace. */
export const PACE_SECONDS_MIN = 15
/** What was sent over each link is kept by the minute for so long, in hours. */
export const PACE_KEPT_HOURS = 24
/** A stage whose oldest work is older than this is behind, and the page says so. */
export const STAGE_BEHIND_MS = 10 * 60_000
/** Rows of a sender's own queue that are counted before one of his documents, 32 of each lane. */
export const AHEAD_ROWS_MAX = 2_048
/** Rows of his queues that are counted for his overview, 160 of each lane. */
export const OWN_QUEUE_ROWS_MAX = 10_240
/** Latest documents of a sender among which those that wait for companions are looked for. */
export const OWN_WAITING_LOOK_MAX = 20_000
/**
 * What one caller may ask of one gateway process within so many seconds, by class; `RATE_LIMITS` says
 * otherwise. `intake` counts documents, the others requests. One enterprise may well hand in two
 * thousand documents a second: the figures stop a program that has gone wild, nobody who works.
 */
export const RATE_LIMITS = {
  intake: { points: 200_000, seconds: 10 },
  read: { points: 20_000, seconds: 10 },
  report: { points: 2_000, seconds: 10 },
  account: { points: 3_000, seconds: 60 },
  /** Of one account or one address: each try costs a slow hash. */
  'sign-in': { points: 60, seconds: 60 },
  /** Requests of one address that nobody known signs, and whoever asks what taxes come to. */
  stranger: { points: 1_200, seconds: 60 },
} as const
/** Bounds of what settings may say; a stream that is slowed down waits for the end of such a time. */
export const RATE_POINTS_MAX = 100_000_000
export const RATE_SECONDS_MAX = 60
/** Addresses told apart; more of them share a count with another by chance. Bounds the memory. */
export const RATE_ADDRESS_SLOTS = 65_536
/**
 * Work under way at the same time, of one caller and of all. A sheet may hold 250 MB, a stream two
 * chunks, a reply its bytes, an export a step of rows; beyond it senders are told to come back.
 */
export const PLACES = {
  sheet: { each: 2, all: 6 },
  stream: { each: 50, all: 400 },
  reply: { each: 64, all: 64 },
  export: { each: 2, all: 8 },
  report: { each: 2, all: 4 },
} as const
/** When a sender who found no place may try again, in seconds. */
export const PLACE_RETRY_SECONDS = 2
/** Opening a connection to RabbitMQ, silence in it counted; a broker far away answers in a second. */
export const AMQP_CONNECT_MS_MAX = 10_000
/** One answer of the broker: a channel, a queue, a consumer; later than that it is given up. */
export const AMQP_ANSWER_MS_MAX = 10_000
/**
 * From the last byte of a message to the broker's confirm. It writes to disk first, which takes
 * milliseconds; under the lease of dispatch, so that nobody sends again what is still awaited.
 */
export const AMQP_CONFIRM_MS_MAX = 15_000
/** A connection that says nothing for two of these is dead, in seconds. */
export const AMQP_HEARTBEAT_SECONDS = 10
/** How long the last words of a connection may take to leave before its socket is taken away. */
export const AMQP_LINGER_MS = 1_000
/** From one attempt at a broker that is away to the next, at first… */
export const AMQP_REST_FIRST_MS = 250
/** …and at most of whoever waits for replies: a broker that comes back is found so late. */
export const AMQP_REST_MAX_MS = 10_000
/** A message that could not be stored goes back to its queue after this long, at first and at most. */
export const AMQP_RETAKE_FIRST_MS = 1_000
export const AMQP_RETAKE_MAX_MS = 30_000
/** Messages of all accounts that are handed to one gateway and not acknowledged yet… */
export const AMQP_UNACKED_MAX = 64
/** …and of one account: enough to keep a database busy, few enough to leave some to a second gateway. */
export const AMQP_UNACKED_PER_QUEUE_MAX = 8
/** Queues known to be there, of one connection; beyond it they are looked up again. */
export const AMQP_QUEUES_KNOWN_MAX = 10_000
/** How often accounts of enterprises are read again: a new one is heard so late. */
export const ACCOUNTS_READ_MS = 15_000
/** DXP accounts that one process listens for; each is a consumer of its own. */
export const ACCOUNTS_MAX = 2_000
/** Replies stored at the same time, of all links: the stages must get their turn at the database. */
export const RECEIVE_TAKES_MAX = 4
/** How often it is looked whether messages were answered: a resend is late by so much at most. */
export const UNANSWERED_LOOK_MS = 60_000
/** Messages judged in one transaction; the bytes of those that go again are read. */
export const UNANSWERED_BATCH_MAX = 50
/** Rounds of sending one message before an operator is told: with waits that double, most of a day. */
export const UNANSWERED_ROUNDS_MAX = 5
/** A scrape waits so long for the database; then it tells of the process alone. */
export const METRICS_DATABASE_MS_MAX = 3_000
/** Replies of one troubled state that are counted: past it, the number is no news. */
export const TROUBLED_COUNT_MAX = 10_000
/** Files of one backup; an embedded database has some thousand. */
export const BACKUP_FILES_MAX = 200_000
/** The list of files in a backup, in bytes: some 120 for each. */
export const BACKUP_MANIFEST_BYTES_MAX = 32 * 1024 * 1024

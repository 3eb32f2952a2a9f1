-- A data folder of format 1, as its program left it: a file that was taken in, a document, two pages that wait.
BEGIN TRANSACTION;
CREATE TABLE answers (
    tenant TEXT NOT NULL, sha256 TEXT NOT NULL, options TEXT NOT NULL, document TEXT NOT NULL,
    until INTEGER NOT NULL, PRIMARY KEY (tenant, sha256, options)
) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL,
    deadline INTEGER, record TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "documents" VALUES('0123456789abcdef0123456789abcdef','default','UPLOADING',1000,1000000000000000,'{"tenant":"default","state":"UPLOADING","name":"sent.pdf","selection":"","redo":"","options":{"languages":"eng","pages":"","mode":"auto","outputs":["txt","md","json","pdf"],"codes":"auto"},"results":[],"created_at":1000,"updated_at":1000,"run":1,"document_pages":0,"pages_total":0,"shards_total":0,"sweeps":0,"progress":0,"waits":0,"pages_done":0,"pages_failed":0,"milliseconds":0,"results_run":0,"deadline":1000000000000000}');
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, tenant TEXT NOT NULL,
    body TEXT NOT NULL, visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0,
    worker TEXT
);
INSERT INTO "messages" VALUES(1,'intake','default','{"detail-type": "Object Created", "source": "fanfold", "detail": {"bucket": {"name": "disk"}, "object": {"key": "inbox/letter.pdf", "version-id": "1", "size": 19}}}',1000000,0,NULL);
INSERT INTO "messages" VALUES(2,'page','default','{"v":1,"document":"0123456789abcdef0123456789abcdef","run":1,"page":1}',1000000,0,NULL);
INSERT INTO "messages" VALUES(3,'page','default','{"v":1,"document":"0123456789abcdef0123456789abcdef","run":1,"page":2}',1000000,0,NULL);
CREATE TABLE objects (
    version INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, file TEXT NOT NULL,
    size INTEGER NOT NULL, media_type TEXT NOT NULL, owner TEXT NOT NULL
);
INSERT INTO "objects" VALUES(1,'inbox/letter.pdf','inbox/letter.pdf',19,'application/octet-stream','');
CREATE TABLE shards (
    document TEXT NOT NULL, number INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE taken (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    document TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO "taken" VALUES('letter.pdf',19,1700000000000000000,'d2a3d52e2500ed638857322777ddf441',0);
CREATE INDEX by_tenant ON documents (tenant, created_at DESC, id DESC);
CREATE INDEX by_deadline ON documents (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX by_queue ON messages (queue, tenant, visible_at, id);
CREATE INDEX by_key ON objects (key, version);
CREATE INDEX by_told ON taken (told) WHERE told = 0;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('objects',1);
INSERT INTO "sqlite_sequence" VALUES('messages',3);
COMMIT;
PRAGMA user_version = 1;

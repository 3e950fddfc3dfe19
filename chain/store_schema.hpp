// Store schema: the tables of X.db and X.rows.db. Stored: version 1, see tranchain-chain(5), "Files".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/database.hpp"

namespace tranchain {

// Text, not blobs, wherever the bytes are text, so that the sqlite3 shell shows them.
inline constexpr const char* public_schema = R"sql(
CREATE TABLE block(height INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, header TEXT NOT NULL,
                   body TEXT NOT NULL, checkpoint TEXT NOT NULL) STRICT;
CREATE TABLE endorsement(height INTEGER NOT NULL, member TEXT NOT NULL, checkpoint TEXT NOT NULL,
                         note TEXT NOT NULL, PRIMARY KEY(height, checkpoint, member)) STRICT;
CREATE TABLE record(height INTEGER NOT NULL, position INTEGER NOT NULL, hash TEXT NOT NULL,
                    deal TEXT NOT NULL, type TEXT NOT NULL, author TEXT NOT NULL,
                    seq INTEGER NOT NULL, PRIMARY KEY(height, position)) STRICT;
CREATE INDEX record_by_hash ON record(hash);
CREATE TABLE candidate(epoch INTEGER NOT NULL, height INTEGER NOT NULL, attempt INTEGER NOT NULL,
                       hash TEXT NOT NULL, header TEXT NOT NULL, body TEXT NOT NULL,
                       PRIMARY KEY(height, epoch, attempt, hash)) STRICT;
CREATE TABLE answer(epoch INTEGER NOT NULL, height INTEGER NOT NULL, attempt INTEGER NOT NULL,
                    member TEXT NOT NULL, sha256 TEXT NOT NULL, bytes TEXT NOT NULL,
                    PRIMARY KEY(height, epoch, attempt, member, sha256)) STRICT;
CREATE TABLE own_ready(epoch INTEGER NOT NULL, height INTEGER NOT NULL, attempt INTEGER NOT NULL,
                       hash TEXT NOT NULL, PRIMARY KEY(epoch, height, attempt)) STRICT;
CREATE TABLE own_endorsement(epoch INTEGER NOT NULL, height INTEGER NOT NULL,
                             attempt INTEGER NOT NULL, hash TEXT NOT NULL, time INTEGER NOT NULL,
                             header TEXT NOT NULL, body TEXT NOT NULL,
                             PRIMARY KEY(epoch, height)) STRICT;
CREATE TABLE evidence(sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, bytes TEXT NOT NULL) STRICT;
CREATE TABLE state(id INTEGER PRIMARY KEY CHECK(id = 1), height INTEGER NOT NULL,
                   bytes TEXT NOT NULL) STRICT;
CREATE TABLE deal_state(deal TEXT PRIMARY KEY, bytes TEXT NOT NULL) STRICT;
CREATE TRIGGER block_u BEFORE UPDATE ON block BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER block_d BEFORE DELETE ON block BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER endorsement_u BEFORE UPDATE ON endorsement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER endorsement_d BEFORE DELETE ON endorsement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER record_u BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER record_d BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER candidate_u BEFORE UPDATE ON candidate BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER candidate_d BEFORE DELETE ON candidate BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER answer_u BEFORE UPDATE ON answer BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER answer_d BEFORE DELETE ON answer BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER own_ready_u BEFORE UPDATE ON own_ready BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER own_ready_d BEFORE DELETE ON own_ready BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER own_endorsement_u BEFORE UPDATE ON own_endorsement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER own_endorsement_d BEFORE DELETE ON own_endorsement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER evidence_u BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER evidence_d BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'append only'); END;
)sql";

// Made when the first statement comes: `own_freeze` what this key states, without signature.
inline constexpr const char* freeze_schema = R"sql(
CREATE TABLE freeze(epoch INTEGER NOT NULL, member TEXT NOT NULL, sha256 TEXT NOT NULL,
                    bytes TEXT NOT NULL, PRIMARY KEY(epoch, member, sha256)) STRICT;
CREATE TABLE own_freeze(epoch INTEGER PRIMARY KEY, bytes TEXT NOT NULL) STRICT;
CREATE TRIGGER freeze_u BEFORE UPDATE ON freeze BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER freeze_d BEFORE DELETE ON freeze BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER own_freeze_u BEFORE UPDATE ON own_freeze BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER own_freeze_d BEFORE DELETE ON own_freeze BEGIN SELECT RAISE(ABORT, 'append only'); END;
)sql";

// Submissions and answers other than ready may name rows, so they live here.
// A row keeps its field leaves beside it, so that a changed row is named and not merely noticed.
inline constexpr const char* rows_schema = R"sql(
CREATE TABLE row(record TEXT NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL,
                 fields TEXT NOT NULL, secret BLOB NOT NULL, leaves BLOB NOT NULL,
                 PRIMARY KEY(record, position)) STRICT, WITHOUT ROWID;
CREATE TABLE private_state(deal TEXT NOT NULL, height INTEGER NOT NULL, bytes BLOB NOT NULL,
                           PRIMARY KEY(deal, height)) STRICT;
CREATE TABLE answer(epoch INTEGER NOT NULL, height INTEGER NOT NULL, attempt INTEGER NOT NULL,
                    member TEXT NOT NULL, sha256 TEXT NOT NULL, bytes TEXT NOT NULL,
                    PRIMARY KEY(height, epoch, attempt, member, sha256)) STRICT;
CREATE TABLE submission(arrival INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE,
                        record TEXT NOT NULL) STRICT;
CREATE TABLE submission_signature(hash TEXT NOT NULL, member TEXT NOT NULL,
                                  signature TEXT NOT NULL, PRIMARY KEY(hash, member)) STRICT;
CREATE TRIGGER answer_u BEFORE UPDATE ON answer BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER answer_d BEFORE DELETE ON answer BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER submission_u BEFORE UPDATE ON submission BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER submission_d BEFORE DELETE ON submission BEGIN SELECT RAISE(ABORT, 'append only'); END;
)sql";

// stored: never renumber ("tchn" and "tchr")
inline constexpr Database::Kind public_kind{0x7463686E, 1, public_schema};
inline constexpr Database::Kind rows_kind{0x74636872, 1, rows_schema};

}  // namespace tranchain

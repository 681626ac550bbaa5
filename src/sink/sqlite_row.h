/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A statement of the format sqlite whose values are bound one behind the other. */
#ifndef SINK_SQLITE_ROW_H
#define SINK_SQLITE_ROW_H

#ifdef HAVE_SQLITE

#include <sqlite3.h>

#include "base/text.h"
#include "clock/vtime.h"
#include "packet/tuple.h"
#include "sink/output.h"

struct sqlite_row {
	struct output *output;
	sqlite3_stmt *statement;
	struct text *scratch;		/* empty between two calls */
	int next;
};

/* What SQLite cannot do (the database is too large) is a write that fails; without memory the program ends. */
void sqlite_check(struct output *output, int code);

void sqlite_put_number(struct sqlite_row *row, uint64_t number);
void sqlite_put_null(struct sqlite_row *row, int n);

/* 0 stands for nothing. */
void sqlite_put_id(struct sqlite_row *row, uint64_t id);

/* Words that outlive the statement; NULL and "" are nothing. */
void sqlite_put_words(struct sqlite_row *row, const char *words);

/* What was appended to scratch. */
void sqlite_put_scratch(struct sqlite_row *row);

/* Two columns: in seconds, for people and pictures; and in nanoseconds. */
void sqlite_put_time(struct sqlite_row *row, struct vtime time);

/* Two columns, and four. */
void sqlite_put_endpoint(struct sqlite_row *row, enum family family, const struct address *address, bool has_port, uint16_t port);
void sqlite_put_tuple(struct sqlite_row *row, const struct tuple *tuple);

/* "SEEN_REPLY ASSURED CONFIRMED"; "udp". */
void sqlite_put_status(struct sqlite_row *row, uint32_t status);
void sqlite_put_protocol(struct sqlite_row *row, uint8_t protocol);

/* The row is written. */
void sqlite_end(struct sqlite_row *row);

#endif

#endif

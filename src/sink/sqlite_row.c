/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/sqlite_row.h"

#ifdef HAVE_SQLITE

#include <errno.h>

#include "base/alloc.h"
#include "packet/protocol.h"
#include "sink/entry_print.h"

void sqlite_check(struct output *output, int code)
{
	if (code == SQLITE_NOMEM)
		alloc_fail();
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW && !output->error)
		output->error = EFBIG;
}

void sqlite_put_number(struct sqlite_row *row, uint64_t number)
{
	sqlite_check(row->output, sqlite3_bind_int64(row->statement, row->next++, (sqlite3_int64)number));
}

void sqlite_put_null(struct sqlite_row *row, int n)
{
	while (n--)
		sqlite_check(row->output, sqlite3_bind_null(row->statement, row->next++));
}

void sqlite_put_id(struct sqlite_row *row, uint64_t id)
{
	if (id)
		sqlite_put_number(row, id);
	else
		sqlite_put_null(row, 1);
}

void sqlite_put_words(struct sqlite_row *row, const char *words)
{
	if (words && *words)
		sqlite_check(row->output, sqlite3_bind_text(row->statement, row->next++, words, -1, SQLITE_STATIC));
	else
		sqlite_put_null(row, 1);
}

/* SQLite keeps a copy. */
void sqlite_put_scratch(struct sqlite_row *row)
{
	struct text *scratch = row->scratch;

	if (scratch->len)
		sqlite_check(row->output, sqlite3_bind_text(row->statement, row->next++, scratch->bytes, (int)scratch->len, SQLITE_TRANSIENT));
	else
		sqlite_put_null(row, 1);
	text_reset(scratch);
}

void sqlite_put_time(struct sqlite_row *row, struct vtime time)
{
	sqlite_check(row->output, sqlite3_bind_double(row->statement, row->next++, (double)time.ns / VTIME_NS_PER_SECOND));
	sqlite_put_number(row, (uint64_t)time.ns);
}

void sqlite_put_endpoint(struct sqlite_row *row, enum family family, const struct address *address, bool has_port, uint16_t port)
{
	address_print(family, address, row->scratch);
	sqlite_put_scratch(row);
	if (has_port)
		sqlite_put_number(row, port);
	else
		sqlite_put_null(row, 1);
}

void sqlite_put_tuple(struct sqlite_row *row, const struct tuple *tuple)
{
	bool has_ports = entry_print_has_ports(tuple);

	sqlite_put_endpoint(row, (enum family)tuple->family, &tuple->source, has_ports, tuple->source_port);
	sqlite_put_endpoint(row, (enum family)tuple->family, &tuple->destination, has_ports, tuple->destination_port);
}

void sqlite_put_status(struct sqlite_row *row, uint32_t status)
{
	struct text *scratch = row->scratch;

	for (unsigned bit = 0; bit < WORDS_STATUS_BITS; bit++) {
		const char *name = status >> bit & 1 ? status_bit_name(bit) : NULL;

		if (name)
			text_printf(scratch, "%s%s", scratch->len ? " " : "", name);
	}
	sqlite_put_scratch(row);
}

void sqlite_put_protocol(struct sqlite_row *row, uint8_t protocol)
{
	const char *name = protocol_name(protocol);

	if (!name)
		text_append_u64(row->scratch, protocol);
	else
		text_append(row->scratch, name);
	sqlite_put_scratch(row);
}

void sqlite_end(struct sqlite_row *row)
{
	sqlite_check(row->output, sqlite3_step(row->statement));
	sqlite_check(row->output, sqlite3_reset(row->statement));
}

#endif

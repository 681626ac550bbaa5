/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A database of the replay for SQL. It grows in memory, of which it takes as much as the file will have, and is written at the end: while
 * packets are replayed nothing is opened, and what is written may be a pipe.
 */
#include "sink/sink.h"

#ifdef HAVE_SQLITE

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/interned.h"
#include "packet/summary.h"
#include "sink/entry_columns.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"
#include "sink/sqlite_row.h"
#include "sink/sqlite_schema.h"

enum statement {
	INSERT_RUN, INSERT_RULE, COUNT_RULE, COUNT_POLICY, INSERT_POLICY, INSERT_PACKET, INSERT_MATCH, BEGIN_ENTRY, CHANGE_ENTRY, END_ENTRY,
	INSERT_TRANSITION, INSERT_EVENT, INSERT_SNAPSHOT, INSERT_ROW, INSERT_WARNING, STATEMENT_COUNT,
};

static const char *const statements[STATEMENT_COUNT] = {
	[INSERT_RUN] = "INSERT INTO run VALUES(?,?,?,?)",
	[INSERT_RULE] = "INSERT INTO rules VALUES(?,?,?,?,?,?,?,?,?,0,0,1)",
	[COUNT_RULE] = "UPDATE rules SET packets = ?, bytes = ?, simulated = ? WHERE id = ?",
	[COUNT_POLICY] = "UPDATE rules SET packets = ?, bytes = ? WHERE family = ? AND \"table\" = ? AND chain = ? AND number = 0",
	[INSERT_POLICY] = "INSERT INTO rules(id, rule, target, packets, bytes, family, \"table\", chain, number, simulated)"
			  " VALUES(?,'policy ' || ?2,?2,?,?,?,?,?,0,1)",
	[INSERT_PACKET] = "INSERT INTO packets VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[INSERT_MATCH] = "INSERT INTO matches VALUES(?,?,?)",
	[BEGIN_ENTRY] = "INSERT OR IGNORE INTO entries(id, protocol, src, sport, dst, dport, reply_src, reply_sport, reply_dst,"
			" reply_dport, zone, begun, begun_ns, begun_by, master, helper) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[CHANGE_ENTRY] = "UPDATE entries SET state = ?, status = ? WHERE id = ?",
	[END_ENTRY] = "UPDATE entries SET ended = ?, ended_ns = ?, ended_by = ?, expired = ? WHERE id = ?",
	[INSERT_TRANSITION] = "INSERT INTO transitions VALUES(NULL,?,?,?,?,?,?,?,?,?)",
	[INSERT_EVENT] = "INSERT INTO events VALUES(NULL,?,?,?,?,?,?,?,?)",
	[INSERT_SNAPSHOT] = "INSERT INTO snapshots VALUES(?,?,?,?,?)",
	[INSERT_ROW] = "INSERT OR IGNORE INTO snapshot_entries VALUES(?,?,?,?,?,?,?)",
	[INSERT_WARNING] = "INSERT INTO warnings VALUES(NULL,?)",
};

struct sqlite {
	struct output *output;
	sqlite3 *database;
	sqlite3_stmt *statements[STATEMENT_COUNT];
	struct interned keys;		/* struct rule_key: the ids of rules */
	uint64_t n_policies;		/* that decided nothing */
	sqlite3_int64 snapshot;
	struct text scratch;
};

/* A rule that events name; or the how manyth policy that none of them does. */
struct rule_key {
	uint64_t place, policy;
};

static struct sqlite_row begin(struct sqlite *sqlite, enum statement statement)
{
	return (struct sqlite_row){
		.output = sqlite->output, .statement = sqlite->statements[statement], .scratch = &sqlite->scratch, .next = 1,
	};
}

/* The rule's id; a rule that was not met before becomes a row. 0: no rule. */
static uint64_t rule_id(struct sqlite *sqlite, const struct rule_place *place)
{
	struct rule_key key = { .place = (uint64_t)(uintptr_t)place };
	uint32_t n_before = sqlite->keys.n_records, id;
	struct sqlite_row row;

	if (!place)
		return 0;
	id = interned_add(&sqlite->keys, &key);
	if (id <= n_before)
		return id;
	row = begin(sqlite, INSERT_RULE);
	sqlite_put_number(&row, id);
	sqlite_put_number(&row, place->family);
	sqlite_put_words(&row, place->table);
	sqlite_put_words(&row, place->chain);
	sqlite_put_number(&row, place->number);
	sqlite_put_words(&row, place->file);
	sqlite_put_id(&row, place->line);
	sqlite_put_words(&row, place->text);
	sqlite_put_words(&row, place->target);
	sqlite_end(&row);
	return id;
}

static void add_run(struct sqlite *sqlite, const struct event_run *run)
{
	struct sqlite_row row = begin(sqlite, INSERT_RUN);

	sqlite_put_words(&row, run->capture);
	sqlite_put_number(&row, (uint64_t)(run->origin_seconds * VTIME_NS_PER_SECOND + run->origin_ns));
	sqlite_put_words(&row, run->host);
	sqlite_put_words(&row, run->captured_on);
	sqlite_end(&row);
}

static void begin_entry(struct sqlite *sqlite, const struct event *event, const struct entry_view *entry)
{
	struct sqlite_row row = begin(sqlite, BEGIN_ENTRY);

	sqlite_put_number(&row, entry->id);
	sqlite_put_protocol(&row, entry->tuple[DIRECTION_ORIGINAL].protocol);
	sqlite_put_tuple(&row, &entry->tuple[DIRECTION_ORIGINAL]);
	sqlite_put_tuple(&row, &entry->tuple[DIRECTION_REPLY]);
	sqlite_put_number(&row, entry->tuple[DIRECTION_ORIGINAL].zone);
	sqlite_put_time(&row, event->time);
	sqlite_put_id(&row, event->packet);
	sqlite_put_id(&row, entry->master_id);
	sqlite_put_words(&row, entry->helper);
	sqlite_end(&row);
}

static void change_entry(struct sqlite *sqlite, const struct entry_view *entry)
{
	struct sqlite_row row = begin(sqlite, CHANGE_ENTRY);

	sqlite_put_words(&row, entry->state);
	sqlite_put_status(&row, entry->status);
	sqlite_put_number(&row, entry->id);
	sqlite_end(&row);
}

static void put_packet(struct sqlite_row *row, const struct packet *packet)
{
	if (packet->family == FAMILY_NONE) {
		sqlite_put_null(row, 5);
		sqlite_put_number(row, packet->original_len);
		return;
	}
	sqlite_put_protocol(row, packet->protocol);
	sqlite_put_endpoint(row, (enum family)packet->family, &packet->source, packet->has_ports, packet->source_port);
	sqlite_put_endpoint(row, (enum family)packet->family, &packet->destination, packet->has_ports, packet->destination_port);
	sqlite_put_number(row, packet->total_len);
}

static void put_journey_entry(struct sqlite_row *row, const struct event *event)
{
	const struct event_packet *journey = &event->journey;

	if (!journey->has_entry) {
		sqlite_put_null(row, 5);
		return;
	}
	sqlite_put_words(row, packet_words_direction(journey->direction));
	sqlite_put_number(row, journey->entry.id);
	sqlite_put_words(row, packet_words_change(journey->change));
	sqlite_put_words(row, journey->entry.state);
	sqlite_put_number(row, vtime_seconds_left(journey->entry.deadline, event->time, journey->entry.hz));
}

static void put_decision(struct sqlite *sqlite, struct sqlite_row *row, const struct event_packet *journey)
{

	sqlite_put_words(row, journey->verdict == VERDICT_NONE ? NULL : verdict_name(journey->verdict));
	sqlite_put_id(row, rule_id(sqlite, journey->decided_by));
	sqlite_put_words(row, journey->reason);
	complaint_print(&journey->invalid, &sqlite->scratch);
	sqlite_put_scratch(row);
	sqlite_put_id(row, rule_id(sqlite, journey->unsimulated));
	sqlite_put_number(row, journey->mark);
}

static void add_matches(struct sqlite *sqlite, const struct event *event)
{
	for (size_t i = 0; i < event->journey.n_matched; i++) {
		uint64_t id = rule_id(sqlite, event->journey.matched[i]);
		struct sqlite_row row = begin(sqlite, INSERT_MATCH);

		sqlite_put_number(&row, event->packet);
		sqlite_put_number(&row, i + 1);
		sqlite_put_number(&row, id);
		sqlite_end(&row);
	}
}

static void add_packet(struct sqlite *sqlite, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	struct sqlite_row row = begin(sqlite, INSERT_PACKET);

	sqlite_put_number(&row, event->packet);
	sqlite_put_time(&row, event->time);
	for (size_t i = 0; i < journey->n_hooks; i++)
		text_printf(&sqlite->scratch, "%s%s", i ? ">" : "", hook_name(journey->hooks[i]));
	sqlite_put_scratch(&row);
	sqlite_put_words(&row, journey->in);
	sqlite_put_words(&row, journey->out);
	put_packet(&row, journey->packet);
	sqlite_put_words(&row, journey->ctstate == CTSTATE_NONE ? NULL : ctstate_name(journey->ctstate));
	put_journey_entry(&row, event);
	put_decision(sqlite, &row, journey);
	if (journey->was_rewritten)
		sqlite_put_tuple(&row, &journey->sent);
	else
		sqlite_put_null(&row, 4);
	summary_print(journey->packet, &sqlite->scratch);
	sqlite_put_scratch(&row);
	sqlite_end(&row);
	add_matches(sqlite, event);
	/* What is not told as an event (CT --ctevents) has begun all the same. */
	if (journey->has_entry && journey->change == ENTRY_NEW)
		begin_entry(sqlite, event, &journey->entry);
	if (journey->has_entry && journey->change != ENTRY_UNCHANGED && journey->change != ENTRY_REFRESHED)
		change_entry(sqlite, &journey->entry);
}

static void add_transition(struct sqlite *sqlite, const struct event *event)
{
	const struct event_transition *transition = &event->transition;
	struct sqlite_row row = begin(sqlite, INSERT_TRANSITION);

	sqlite_put_id(&row, event->packet);
	sqlite_put_time(&row, event->time);
	sqlite_put_id(&row, transition->entry.id);
	sqlite_put_words(&row, packet_words_direction(transition->direction));
	sqlite_put_words(&row, transition->from);
	sqlite_put_words(&row, transition->to);
	sqlite_put_words(&row, transition->cell);
	complaint_print(&transition->reason, &sqlite->scratch);
	sqlite_put_scratch(&row);
	sqlite_end(&row);
}

static void end_entry(struct sqlite *sqlite, const struct event *event)
{
	struct sqlite_row row = begin(sqlite, END_ENTRY);

	sqlite_put_time(&row, event->time);
	sqlite_put_id(&row, event->packet);
	sqlite_put_number(&row, event->conntrack.expired);
	sqlite_put_number(&row, event->conntrack.entry.id);
	sqlite_end(&row);
}

static void add_event(struct sqlite *sqlite, const struct event *event)
{
	const struct event_conntrack *told = &event->conntrack;
	struct sqlite_row row = begin(sqlite, INSERT_EVENT);

	sqlite_put_id(&row, event->packet);
	sqlite_put_time(&row, event->time);
	sqlite_put_words(&row, entry_columns_event_type(told->bits));
	sqlite_put_number(&row, told->entry.id);
	sqlite_put_number(&row, told->expired);
	sqlite_put_words(&row, told->entry.state);
	sqlite_put_number(&row, vtime_seconds_left(told->entry.deadline, event->time, told->entry.hz));
	sqlite_end(&row);
	begin_entry(sqlite, event, &told->entry);
	change_entry(sqlite, &told->entry);
	if (told->bits & CONNTRACK_EVENT_DESTROY)
		end_entry(sqlite, event);
}

static void add_snapshot(struct sqlite *sqlite, const struct event *event)
{
	struct sqlite_row row = begin(sqlite, INSERT_SNAPSHOT);

	sqlite_put_number(&row, (uint64_t)++sqlite->snapshot);
	sqlite_put_words(&row, event->snapshot.label);
	sqlite_put_time(&row, event->time);
	sqlite_put_number(&row, event->snapshot.n_entries);
	sqlite_end(&row);
}

static void add_listed(struct sqlite *sqlite, const struct event *event)
{
	const struct entry_view *entry = &event->entry.entry;
	struct sqlite_row row = begin(sqlite, INSERT_ROW);

	sqlite_put_number(&row, (uint64_t)sqlite->snapshot);
	sqlite_put_number(&row, entry->id);
	sqlite_put_words(&row, entry->state);
	sqlite_put_number(&row, vtime_seconds_left(entry->deadline, event->time, entry->hz));
	sqlite_put_status(&row, entry->status);
	sqlite_put_number(&row, entry->mark);
	entry_print_proc(entry, event->time, false, &sqlite->scratch);
	sqlite_put_scratch(&row);
	sqlite_end(&row);
}

static void put_policy(struct sqlite_row *row, const struct event_chain *chain)
{
	sqlite_put_number(row, chain->n_packets);
	sqlite_put_number(row, chain->n_bytes);
	sqlite_put_number(row, chain->family);
	sqlite_put_words(row, chain->table);
	sqlite_put_words(row, chain->chain);
	sqlite_end(row);
}

static void add_policy(struct sqlite *sqlite, const struct event_chain *chain)
{
	struct rule_key key = { .policy = ++sqlite->n_policies };
	struct sqlite_row row;

	if (!chain->policy)
		return;
	row = begin(sqlite, COUNT_POLICY);
	put_policy(&row, chain);
	if (sqlite3_changes(sqlite->database))
		return;
	/* It decided nothing, so it has no row yet. */
	row = begin(sqlite, INSERT_POLICY);
	sqlite_put_number(&row, interned_add(&sqlite->keys, &key));
	sqlite_put_words(&row, chain->policy);
	put_policy(&row, chain);
}

static void add_counter(struct sqlite *sqlite, const struct event_counter *counter)
{
	uint64_t id = rule_id(sqlite, counter->rule);
	struct sqlite_row row = begin(sqlite, COUNT_RULE);

	sqlite_put_number(&row, counter->n_packets);
	sqlite_put_number(&row, counter->n_bytes);
	sqlite_put_number(&row, counter->is_simulated);
	sqlite_put_number(&row, id);
	sqlite_end(&row);
}

static void add_warning(struct sqlite *sqlite, const struct event_warning *warning)
{
	struct sqlite_row row = begin(sqlite, INSERT_WARNING);

	sqlite_put_words(&row, warning->text);
	sqlite_end(&row);
}

static void on_event(void *state, const struct event *event)
{
	struct sqlite *sqlite = state;

	switch ((unsigned)event->kind) {
	case EVENT_RUN: add_run(sqlite, &event->run); break;
	case EVENT_PACKET: add_packet(sqlite, event); break;
	case EVENT_TRANSITION: add_transition(sqlite, event); break;
	case EVENT_CONNTRACK: add_event(sqlite, event); break;
	case EVENT_SNAPSHOT: add_snapshot(sqlite, event); break;
	case EVENT_ENTRY: add_listed(sqlite, event); break;
	case EVENT_CHAIN: add_policy(sqlite, &event->chain); break;
	case EVENT_COUNTER: add_counter(sqlite, &event->counter); break;
	case EVENT_WARNING: add_warning(sqlite, &event->warning); break;
	default: break;
	}
}

static void *open_sqlite(const struct sink_options *options, struct output *output)
{
	struct sqlite *sqlite = alloc_zeroed(1, sizeof(*sqlite));
	sqlite3_int64 most = INT64_MAX;

	(void)options;
	sqlite->output = output;
	text_init(&sqlite->scratch);
	interned_init(&sqlite->keys, sizeof(struct rule_key));
	sqlite_check(sqlite->output, sqlite3_open_v2(":memory:", &sqlite->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, NULL));
	/* One piece of memory, which can be written as it stands, instead of pages here and there. */
	sqlite_check(sqlite->output, sqlite3_deserialize(sqlite->database, "main", NULL, 0, 0,
					  SQLITE_DESERIALIZE_RESIZEABLE | SQLITE_DESERIALIZE_FREEONCLOSE));
	sqlite_check(sqlite->output, sqlite3_file_control(sqlite->database, "main", SQLITE_FCNTL_SIZE_LIMIT, &most));
	sqlite_check(sqlite->output, sqlite3_exec(sqlite->database, "PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; BEGIN", NULL, NULL, NULL));
	sqlite_check(sqlite->output, sqlite3_exec(sqlite->database, sqlite_tables, NULL, NULL, NULL));
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite_check(sqlite->output, sqlite3_prepare_v3(sqlite->database, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &sqlite->statements[i], NULL));
	return sqlite;
}

static void write_database(struct sqlite *sqlite)
{
	enum { PIECE = 64 * 1024 };
	sqlite3_int64 len = 0;
	const char *bytes;

	sqlite_check(sqlite->output, sqlite3_exec(sqlite->database, sqlite_views, NULL, NULL, NULL));
	sqlite_check(sqlite->output, sqlite3_exec(sqlite->database, "COMMIT", NULL, NULL, NULL));
	bytes = (const char *)sqlite3_serialize(sqlite->database, "main", &len, SQLITE_SERIALIZE_NOCOPY);
	if (!bytes)
		sqlite_check(sqlite->output, SQLITE_FULL);
	for (sqlite3_int64 at = 0; bytes && at < len; at += PIECE) {
		text_append_bytes(&sqlite->output->buffer, bytes + at, (size_t)(len - at < PIECE ? len - at : PIECE));
		output_flush_if_full(sqlite->output);
	}
}

static void close_sqlite(void *state)
{
	struct sqlite *sqlite = state;

	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(sqlite->statements[i]);
	if (!output_has_failed(sqlite->output))
		write_database(sqlite);
	sqlite3_close(sqlite->database);
	interned_clear(&sqlite->keys);
	text_clear(&sqlite->scratch);
	free(sqlite);
}

const struct sink_type sink_sqlite = {
	.name = "sqlite",
	.summary = "a database for SQL: packets, entries, transitions, events, snapshots, rules; views",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_TRANSITION) | EVENT_BIT(EVENT_CONNTRACK) |
		 EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER) |
		 EVENT_BIT(EVENT_WARNING),
	.open = open_sqlite,
	.on_event = on_event,
	.close = close_sqlite,
};

#else

static const char *refuse(uint32_t words)
{
	(void)words;
	return "not built in: SQLite was not there when the program was built";
}

const struct sink_type sink_sqlite = {
	.name = "sqlite",
	.summary = "a database for SQL (not built in: SQLite)",
	.refuse = refuse,
};

#endif

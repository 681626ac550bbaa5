/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/recall.h"

#include <string.h>

/* A capture that takes more ways than that is followed rule by rule; so memory has a bound. */
enum { MOST_RECORDS = 65536 };

static_assert(sizeof(struct recall_path) % 8 == 0 && sizeof(struct recall_trail) % 8 == 0 &&
	      sizeof(struct recall_stretches) % 8 == 0, "as interned wants them");

void recall_init(struct recall *recall)
{
	memset(recall, 0, sizeof(*recall));
	interned_init(&recall->paths, sizeof(struct recall_path));
	interned_init(&recall->trails, sizeof(struct recall_trail));
	interned_init(&recall->tried, sizeof(struct recall_stretches));
}

void recall_clear(struct recall *recall)
{
	interned_clear(&recall->paths);
	interned_clear(&recall->trails);
	interned_clear(&recall->tried);
}

void recall_forget(struct recall *recall)
{
	recall->n_forgotten = recall->trails.n_records;
}

/*
 * Answers that REJECT makes carry the connection of what they answer, as RELATED: an ICMP error is no packet of it. In what is
 * tracked and has its whole header, no match finds a cut or malformed one.
 */
bool recall_is_for(const struct packet *packet, const struct tracking *tracking)
{
	return tracking->connection && (tracking->ctstate == CTSTATE_ESTABLISHED || tracking->ctstate == CTSTATE_NEW) && packet->has_l4 &&
	       !packet->fragment_offset && !packet->l4_unreachable;
}

static uint32_t stage_of(const struct subject *subject, enum table table)
{
	return (uint32_t)table * HOOK_COUNT + subject->hook;
}

static bool is_alive(const struct recall *recall, uint32_t trail)
{
	return trail > recall->n_forgotten;
}

uint32_t recall_find(const struct recall *recall, const struct subject *subject, enum table table)
{
	const struct connection *connection = subject->tracking->connection;
	const struct recall_trail *trail;
	const struct recall_path *path;
	uint32_t number;

	if (!is_alive(recall, *subject->recall))
		return 0;
	trail = interned_at(&recall->trails, *subject->recall);
	number = trail->paths[stage_of(subject, table)];
	if (!number)
		return 0;
	path = recall_path(recall, number);
	if ((path->has_status && path->status != connection->status) || path->connection_mark != connection->mark || path->mark != subject->mark ||
	    path->ctstate != subject->tracking->ctstate || path->in != subject->in || path->out != subject->out)
		return 0;
	return number;
}

static uint32_t note_stretches(struct recall *recall)
{
	struct recall_stretches tried = { .n = recall->stretches.n };

	if (!tried.n)
		return 0;
	memcpy(tried.stretches, recall->stretches.stretches, tried.n * sizeof(tried.stretches[0]));
	return interned_add(&recall->tried, &tried);
}

static void describe(struct recall *recall, const struct subject *subject, enum table table,
		     const struct eval_result *result, struct recall_path *path)
{
	memset(path, 0, sizeof(*path));
	path->in = subject->in;
	path->out = subject->out;
	path->has_status = recall->has_status;
	path->status = recall->has_status ? subject->tracking->connection->status : 0;
	path->connection_mark = subject->tracking->connection->mark;
	path->mark = subject->mark;
	path->ctstate = (uint8_t)subject->tracking->ctstate;
	path->stage = stage_of(subject, table);
	path->is_winding = recall->is_winding || recall->n_rules > RECALL_MOST_RULES || result->hotdrop;
	if (path->is_winding)
		return;
	path->is_default = result->is_default;
	path->verdict = (uint8_t)result->verdict;
	path->decided_by = result->decided_by;
	path->tried = note_stretches(recall);
	path->n_rules = recall->n_rules;
	memcpy(path->rules, recall->rules, recall->n_rules * sizeof(*path->rules));
}

uint32_t recall_note(struct recall *recall, const struct subject *subject, enum table table, const struct eval_result *result)
{
	struct recall_trail trail = { .paths = { 0 } };
	struct recall_path path;

	if (recall->paths.n_records >= MOST_RECORDS || recall->trails.n_records >= MOST_RECORDS)
		return 0;
	describe(recall, subject, table, result, &path);
	if (is_alive(recall, *subject->recall))
		memcpy(&trail, interned_at(&recall->trails, *subject->recall), sizeof(trail));
	trail.paths[path.stage] = interned_add(&recall->paths, &path);
	*subject->recall = interned_add(&recall->trails, &trail);
	return trail.paths[path.stage];
}

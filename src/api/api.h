/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind struct ctreplay. */
#ifndef API_API_H
#define API_API_H

#include "api/ctreplay.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/text.h"
#include "replay/comparison.h"
#include "replay/coverage.h"
#include "replay/replay.h"
#include "replay/run_options.h"

/* What the last call had to say. */
struct api_messages {
	struct arena arena;		/* of their strings */
	struct ctreplay_message *messages;	/* owned array */
	size_t n_messages, capacity;
	struct text text;
};

void api_messages_init(struct api_messages *messages);
void api_messages_clear(struct api_messages *messages);
void api_messages_reset(struct api_messages *messages);

/* Takes what `diagnostics` holds, and empties it. */
void api_messages_take(struct api_messages *messages, struct diagnostics *diagnostics);
void api_messages_warn(struct api_messages *messages, const char *words);

/* What the engine has said, in the API's terms. */
struct api_view {
	struct ctreplay_packet packet;
	bool has_packet;
	const struct packet *captured;	/* that ctreplay_describe() is about, until the next one; borrowed; or NULL */
	struct ctreplay_rule decided_by, unsimulated;
	struct ctreplay_rule *matched;	/* owned arrays from here on */
	size_t matched_capacity;
	struct ctreplay_entry entry;
	char invalid_reason[COMPLAINT_ROOM];
	struct ctreplay_event *events;
	size_t n_events, events_capacity;
	struct ctreplay_entry *entries;
	size_t n_entries, entries_capacity;
	struct ctreplay_counter *counters;
	size_t n_counters, counters_capacity;
	struct ctreplay_summary summary;
	bool has_summary;
	int64_t origin_ns;
};

void api_view_clear(struct api_view *view);

struct ctreplay_rule api_view_rule(const struct rule_place *place);
struct ctreplay_address api_view_address(uint8_t family, const struct address *address);

/* Listeners. The first hears API_VIEW_KINDS of the replay's own stream, the others a listing each. */
enum { API_VIEW_KINDS = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_SUMMARY) };
void api_view_hear(void *view, const struct event *event);
void api_view_hear_entry(void *view, const struct event *event);
void api_view_hear_counter(void *view, const struct event *event);

/* What captures exercise of the rules, and how it was last told. */
struct api_coverage {
	struct coverage coverage;
	struct ctreplay_coverage view;
	struct arena arena;		/* of what the view holds */
};

struct api_account;

/* What ctreplay_look() found. */
struct api_look {
	struct packet *packet;		/* that waits; borrowed; NULL: none does */
	struct ctreplay_arrival arrival;
	uint8_t *frame;			/* owned; of one that was turned back */
};

struct ctreplay {
	struct arena arena;		/* of what the caller said */
	struct screen screen;
	bool has_screen;
	struct run_options options;
	struct diagnostics diagnostics;	/* of options */
	struct replay replay;
	struct api_messages messages;
	struct api_view view;
	struct ctreplay_source *sources;	/* owned array */
	struct api_coverage *covered;	/* owned; NULL: nothing is counted, or `covers` is another replay's */
	const struct ctreplay_machine *machine;	/* in the arena; NULL: nobody has asked yet */
	const struct ctreplay_chain *chains;	/* likewise */
	size_t n_chains;
	struct api_account *account;	/* owned; NULL: none is kept */
	struct api_look look;
	struct coverage *covers;	/* what its packets are counted into; borrowed; or NULL */
	const struct ctreplay *lender;	/* of borrowed rules; borrowed; or NULL */
	struct text script;		/* packets that are in memory, when it has one */
	struct ctreplay_comparison comparison;
	bool has_comparison;
	bool is_compared;		/* its capture was replayed together with another's */
	enum { API_FRESH, API_OPEN, API_RUNNING, API_FINISHED, API_FAILED } state;	/* OPEN: waits for the first packet */
	bool has_listeners;		/* that hear also of packets that are not shown */
	bool is_watched;		/* packets and events are put into the view */
	enum ctreplay_failure failure;	/* of the last call */
};

/* ctreplay_cover(): once the rules are there, when the first packet is, and in the end. */
void api_coverage_open(struct ctreplay *replay);
void api_coverage_start(struct ctreplay *replay);
void api_coverage_destroy(struct api_coverage *covered);

/* ctreplay_keep_account(): before packets that are looked at, or not; before a call, around its journey, and in the end. */
void api_account_watch(struct ctreplay *replay, bool is_watched);
void api_account_reset(struct api_account *account);
void api_account_begin(struct ctreplay *replay);
void api_account_end(struct ctreplay *replay, const struct packet *packet);
void api_account_destroy(struct api_account *account);

/* The beginning of a call before the replay is opened: false, told, when this is not the time for it. */
bool api_is_fresh(struct ctreplay *replay);

/* The end of a call that failed because of its input: false. */
bool api_fail(struct ctreplay *replay, const char *words);

/* Link types as files have them, where libpcap has another number on each system. */
enum { API_LINKTYPE_RAW = 101 };

/* The first half of a step, and the second. */
void api_look(struct ctreplay *replay, struct packet *packet);
void api_go(struct ctreplay *replay);
/* ctreplay_compare(): of two that are open. False: the function said that it is enough. */
bool api_compare(struct ctreplay *first, struct ctreplay *second, ctreplay_differ *differ, void *owner);

/* Before a packet: from now on packets are looked at, or not. The replay begins with the first. */
void api_watch(struct ctreplay *replay, bool is_watched);

#endif

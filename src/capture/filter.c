/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/filter.h"

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "capture/filter_names.h"

enum { FILTER_SNAP_LEN = 262144 };

struct filter {
	struct bpf_program program;
};

static bool compile(const char *expression, int link_type, struct bpf_program *program, struct text *error)
{
	pcap_t *dead = pcap_open_dead(link_type, FILTER_SNAP_LEN);
	bool is_ok = dead && pcap_compile(dead, program, expression, strlen(expression) <= FILTER_OPTIMIZED, PCAP_NETMASK_UNKNOWN) == 0;

	if (!is_ok)
		text_append(error, dead ? pcap_geterr(dead) : "no memory");
	if (dead)
		pcap_close(dead);
	return is_ok;
}

bool filter_room_take(struct filter_room *room, size_t len, struct text *error)
{
	if (len <= FILTER_SHORT)
		return true;
	if (len <= room->most && room->n_used <= room->most - len) {
		room->n_used += len;
		return true;
	}
	text_printf(error, "a filter of %zu bytes: those of more than %d may have %" PRIu64 " together", len, FILTER_SHORT, room->most);
	return false;
}

struct filter *filter_create(const char *expression, int link_type, struct filter_room *room, struct text *error)
{
	struct filter *filter;
	struct text settled, problem;
	bool is_ok;

	if (room && !filter_room_take(room, strlen(expression), error)) {
		text_append(error, "; --limit filter-bytes=N allows more");
		return NULL;
	}
	filter = alloc_zeroed(1, sizeof(*filter));
	text_init(&settled);
	text_init(&problem);
	is_ok = filter_settle_names(expression, &settled, &problem) &&
		compile(settled.bytes ? settled.bytes : "", link_type, &filter->program, &problem);
	if (!is_ok) {
		text_printf(error, "filter '%s': %s", expression, problem.bytes);
		free(filter);
	}
	text_clear(&settled);
	text_clear(&problem);
	return is_ok ? filter : NULL;
}

void filter_destroy(struct filter *filter)
{
	if (!filter)
		return;
	pcap_freecode(&filter->program);
	free(filter);
}

bool filter_is_passed(const struct filter *filter, const struct packet *packet)
{
	struct pcap_pkthdr header = { .caplen = packet->captured_len, .len = packet->original_len };

	return pcap_offline_filter(&filter->program, &header, packet->frame) != 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/filter.h"

#include <pcap/pcap.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "capture/filter_names.h"

enum { FILTER_SNAP_LEN = 262144 };

struct filter {
	struct bpf_program program;
};

static bool compile(const char *expression, int link_type, struct bpf_program *program, struct text *error)
{
	pcap_t *dead = pcap_open_dead(link_type, FILTER_SNAP_LEN);
	bool is_ok = dead && pcap_compile(dead, program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;

	if (!is_ok)
		text_append(error, dead ? pcap_geterr(dead) : "no memory");
	if (dead)
		pcap_close(dead);
	return is_ok;
}

struct filter *filter_create(const char *expression, int link_type, struct text *error)
{
	struct filter *filter = alloc_zeroed(1, sizeof(*filter));
	struct text settled, problem;
	bool is_ok;

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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/filter.h"

#include <pcap/pcap.h>
#include <stdlib.h>

#include "base/alloc.h"

enum { FILTER_SNAP_LEN = 262144 };

struct filter {
	struct bpf_program program;
};

struct filter *filter_create(const char *expression, int link_type, struct text *error)
{
	struct filter *filter = alloc_zeroed(1, sizeof(*filter));
	pcap_t *dead = pcap_open_dead(link_type, FILTER_SNAP_LEN);
	bool is_ok = dead && pcap_compile(dead, &filter->program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;

	if (!is_ok)
		text_printf(error, "filter '%s': %s", expression, dead ? pcap_geterr(dead) : "no memory");
	if (dead)
		pcap_close(dead);
	if (is_ok)
		return filter;
	free(filter);
	return NULL;
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

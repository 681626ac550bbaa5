/* SPDX-License-Identifier: GPL-2.0-or-later */
/* embed CAPTURE RULES: what becomes of every packet, and what connection tracking remembers at the end. */
#include <ctreplay.h>
#include <stdio.h>

static void tell(const struct ctreplay *replay, const struct ctreplay_packet *packet)
{
	const struct ctreplay_rule *rule = packet->decided_by;
	char line[200];

	ctreplay_describe(replay, line, sizeof(line));
	printf("%llu %s %s %s", (unsigned long long)packet->number, ctreplay_verdict_name(packet->verdict),
	       ctreplay_ctstate_name(packet->ctstate), line);
	if (rule)
		printf(", by %s:%u", rule->file, (unsigned)rule->line);
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct ctreplay *replay = ctreplay_create();
	enum ctreplay_result result = CTREPLAY_ERROR;
	const struct ctreplay_entry *entries;
	char source[CTREPLAY_ADDRESS_ROOM];
	size_t n;

	if (argc == 3 && ctreplay_set(replay, "read", argv[1]) && ctreplay_set(replay, "rules", argv[2]) && ctreplay_open(replay))
		while ((result = ctreplay_step(replay)) == CTREPLAY_PACKET)
			tell(replay, ctreplay_packet(replay));
	fputs(ctreplay_message_text(replay), stderr);
	entries = ctreplay_entries(replay, &n);
	for (size_t i = 0; i < n; i++)
		printf("remembered: what %s began, for %u s\n", ctreplay_address_text(&entries[i].original.source, source),
		       (unsigned)entries[i].seconds_left);
	ctreplay_destroy(replay);
	return result == CTREPLAY_END ? 0 : 1;
}

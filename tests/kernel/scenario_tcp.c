/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP conversations: two honest ends (sequence numbers, windows, SACK, time stamps), a lossy way between
 * them, and then everything that an honest end would not do.
 */
#include <string.h>

#include "scenario.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128 };

struct end {
	const struct node *node, *seen;	/* itself; what the other end takes it for */
	unsigned port, seen_port;
	uint32_t first;		/* initial sequence number */
	uint32_t next;		/* to send next */
	uint32_t expected;	/* from the other end */
	unsigned window;	/* as in the header */
	unsigned scale;		/* of its window; 15: does not offer it */
	bool offers_sack, offers_stamps;
	bool reports_hole;
	uint32_t hole_left, hole_right;
};

struct talk {
	struct scenario *scenario;
	struct end end[2];	/* 0 opens */
	struct end before[2];	/* as they were in the talk before over the same ports */
	bool has_before;
	int64_t time_ns;
	uint8_t ttl;
	bool spoils_next;
	unsigned cut_len;	/* of the next segment's TCP part; 0: whole */
};

struct segment {
	unsigned flags;
	uint32_t seq, ack;
	size_t data_len;
	unsigned window;
};

static size_t add_syn_options(const struct end *end, const struct segment *segment, uint8_t *at)
{
	uint8_t *start = at;

	memcpy(at, "\x02\x04\x05\xb4", 4);
	at += 4;
	if (end->offers_sack) {
		memcpy(at, "\x01\x01\x04\x02", 4);
		at += 4;
	}
	if (end->scale < 15) {
		memcpy(at, "\x01\x03\x03", 3);
		at[3] = (uint8_t)end->scale;
		at += 4;
	}
	if (end->offers_stamps) {
		memcpy(at, "\x01\x01\x08\x0a", 4);
		put32(at + 4, segment->seq ^ 0x55aa);
		put32(at + 8, 0);
		at += 12;
	}
	return (size_t)(at - start);
}

static size_t add_options(const struct talk *talk, int from, const struct segment *segment, uint8_t *at)
{
	const struct end *end = &talk->end[from], *other = &talk->end[!from];
	uint8_t *start = at;

	if (segment->flags & SYN)
		return add_syn_options(end, segment, at);
	if (end->offers_stamps && other->offers_stamps) {
		memcpy(at, "\x01\x01\x08\x0a", 4);
		put32(at + 4, segment->seq ^ 0x55aa);
		put32(at + 8, segment->ack ^ 0x55aa);
		at += 12;
	}
	if (end->reports_hole && end->offers_sack && other->offers_sack) {
		memcpy(at, "\x01\x01\x05\x0a", 4);
		put32(at + 4, end->hole_left);
		put32(at + 8, end->hole_right);
		at += 12;
	}
	return (size_t)(at - start);
}

static void emit_segment(struct talk *talk, int from, struct segment segment)
{
	const struct end *end = &talk->end[from], *other = &talk->end[!from];
	uint8_t bytes[1500] = { 0 };
	size_t header_len = 20 + add_options(talk, from, &segment, bytes + 20), len = header_len + segment.data_len;
	struct pair pair = { { talk->end[0].node, talk->end[1].node }, { talk->end[0].seen, talk->end[1].seen },
			     talk->end[1].port, talk->end[1].seen_port };
	struct ip_packet packet;

	put16(bytes, end->port);
	put16(bytes + 2, other->seen_port);
	put32(bytes + 4, segment.seq);
	put32(bytes + 8, segment.flags & ACK ? segment.ack : 0);
	bytes[12] = (uint8_t)(header_len / 4 << 4);
	bytes[13] = (uint8_t)segment.flags;
	put16(bytes + 14, segment.window);
	for (size_t i = header_len; i < len; i++)
		bytes[i] = (uint8_t)('a' + i % 26);
	if (talk->cut_len && talk->cut_len < len)
		len = talk->cut_len;
	make_packet(&packet, end->node, other->seen, (struct ip_fields){ 6, talk->ttl, 0 }, bytes, len);
	if (talk->spoils_next)
		spoil_checksum(&packet, 6);
	put_packet(talk->scenario, talk->time_ns, &packet, &pair, from);
	talk->time_ns += pick_gap(talk->scenario);
	talk->spoils_next = false;
	talk->cut_len = 0;
}

static struct segment make_segment(const struct talk *talk, int from, unsigned flags, size_t data_len)
{
	const struct end *end = &talk->end[from];
	unsigned window = flags & SYN || end->scale == 15 ? end->window : end->window >> (talk->end[!from].scale == 15 ? 0 : end->scale);

	return (struct segment){ flags, end->next, end->expected, data_len, window ? window : 1 };
}

/* The next segment of an end; the way may lose it before or behind the place of capture, and then it comes again. */
static void send_segment(struct talk *talk, int from, unsigned flags, size_t data_len)
{
	struct scenario *scenario = talk->scenario;
	struct segment segment = make_segment(talk, from, flags, data_len);
	struct end *end = &talk->end[from], *other = &talk->end[!from];
	uint32_t fate = pick(scenario, 100);
	bool counts = data_len || flags & (SYN | FIN);

	end->next += (uint32_t)data_len + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
	if (fate >= 5)
		emit_segment(talk, from, segment);
	if (fate < 10 && counts) {
		if (data_len && chance(scenario, 50)) {
			struct segment later = make_segment(talk, from, ACK, 50);

			end->next += 50;
			emit_segment(talk, from, later);
			other->reports_hole = true;
			other->hole_left = later.seq;
			other->hole_right = later.seq + 50;
			emit_segment(talk, !from, make_segment(talk, !from, ACK, 0));
			other->reports_hole = false;
		}
		talk->time_ns += pick_ns(scenario, 200 * MS, 3 * SECOND);
		emit_segment(talk, from, segment);
	}
	if (counts)
		other->expected = end->next;
	if (fate > 95)
		emit_segment(talk, from, segment);
}

static void silence(struct talk *talk, int from)
{
	(void)from;
	talk->time_ns += pick_silence(talk->scenario);
}

static void send_data(struct talk *talk, int from)
{
	send_segment(talk, from, chance(talk->scenario, 60) ? ACK | PSH : ACK, 1 + pick(talk->scenario, 300));
	if (chance(talk->scenario, 75))
		send_segment(talk, !from, ACK, 0);
}

static void send_burst(struct talk *talk, int from)
{
	for (unsigned n = 2 + pick(talk->scenario, 3); n > 0; n--)
		send_segment(talk, from, ACK, 500 + pick(talk->scenario, 500));
	send_segment(talk, !from, ACK, 0);
}

static void keep_alive(struct talk *talk, int from)
{
	struct segment probe = make_segment(talk, from, ACK, pick(talk->scenario, 2));

	probe.seq--;
	emit_segment(talk, from, probe);
	emit_segment(talk, !from, make_segment(talk, !from, ACK, 0));
}

static void close_window(struct talk *talk, int from)
{
	struct segment full = make_segment(talk, from, ACK, 0), probe = make_segment(talk, !from, ACK, 1);

	full.window = 0;
	emit_segment(talk, from, full);
	if (chance(talk->scenario, 60)) {
		probe.seq -= pick(talk->scenario, 2);
		emit_segment(talk, !from, probe);
		emit_segment(talk, from, full);
	}
	if (chance(talk->scenario, 70))
		emit_segment(talk, from, make_segment(talk, from, ACK, 0));
}

static void send_beyond(struct talk *talk, int from)
{
	static const uint32_t distances[] = { 1, 100, 1460, 8192, 65000, 65536, 70000, 200000, 5000000, 0x40000000, 0x80000000 };
	struct segment segment = make_segment(talk, from, ACK | PSH, pick(talk->scenario, 200));

	segment.seq += distances[pick(talk->scenario, sizeof(distances) / sizeof(distances[0]))];
	emit_segment(talk, from, segment);
}

static void send_old(struct talk *talk, int from)
{
	static const uint32_t distances[] = { 1, 10, 200, 1460, 20000, 66000, 300000, 0x20000000 };
	struct segment segment = make_segment(talk, from, ACK, pick(talk->scenario, 200));

	segment.seq -= distances[pick(talk->scenario, sizeof(distances) / sizeof(distances[0]))];
	emit_segment(talk, from, segment);
}

static void acknowledge_oddly(struct talk *talk, int from)
{
	static const uint32_t distances[] = { 1, 500, 70000, 0x10000000, 0u - 1, 0u - 500, 0u - 66000, 0u - 70000, 0u - 500000 };
	struct segment segment = make_segment(talk, from, ACK, pick(talk->scenario, 2) * 20);

	segment.ack += distances[pick(talk->scenario, sizeof(distances) / sizeof(distances[0]))];
	emit_segment(talk, from, segment);
}

static void send_odd_flags(struct talk *talk, int from)
{
	static const unsigned flags[] = { 0, FIN, SYN | FIN, SYN | RST, FIN | PSH | URG, FIN | RST, PSH, URG, 0x3f, SYN | PSH, SYN | URG,
					  SYN | ACK | PSH, SYN | ACK | URG, ACK | URG, ACK | PSH | URG, RST | ACK | PSH, RST | PSH, RST | URG,
					  ACK | ECE, ACK | CWR, SYN | ECE | CWR, FIN | ACK | URG, FIN | ACK | PSH | URG, SYN | ACK | FIN };

	emit_segment(talk, from, make_segment(talk, from, flags[pick(talk->scenario, sizeof(flags) / sizeof(flags[0]))], 0));
}

static void spoil_one(struct talk *talk, int from)
{
	talk->spoils_next = true;
	emit_segment(talk, from, make_segment(talk, from, ACK, 10));
}

static void cut_one(struct talk *talk, int from)
{
	talk->cut_len = 1 + pick(talk->scenario, 23);
	emit_segment(talk, from, make_segment(talk, from, ACK, 10));
}

static void send_syn_again(struct talk *talk, int from)
{
	struct segment segment = make_segment(talk, from, chance(talk->scenario, 70) ? SYN : SYN | ACK, 0);

	segment.seq = chance(talk->scenario, 50) ? talk->end[from].first : segment.seq + 100000 + pick(talk->scenario, 1000);
	emit_segment(talk, from, segment);
	if (chance(talk->scenario, 40))
		emit_segment(talk, !from, make_segment(talk, !from, ACK, 0));
}

static void send_reset(struct talk *talk, int from)
{
	static const uint32_t distances[] = { 0, 0, 0, 1, 10, 3000, 60000, 70000, 0x10000000, 0u - 1, 0u - 100, 0u - 100000 };
	struct segment segment = make_segment(talk, from, chance(talk->scenario, 50) ? RST : RST | ACK, 0);

	segment.seq += distances[pick(talk->scenario, sizeof(distances) / sizeof(distances[0]))];
	if (chance(talk->scenario, 30))
		segment.seq = talk->end[!from].expected;
	if (chance(talk->scenario, 10))
		segment.seq = 0;
	segment.window = 0;
	emit_segment(talk, from, segment);
}

static void send_crossing(struct talk *talk, int from)
{
	struct segment a = make_segment(talk, from, ACK | PSH, 120), b = make_segment(talk, from, ACK | PSH, 80);

	b.seq += 120;
	emit_segment(talk, from, b);
	emit_segment(talk, from, a);
	talk->end[from].next += 200;
	talk->end[!from].expected = talk->end[from].next;
	send_segment(talk, !from, ACK, 0);
}

typedef void act_function(struct talk *talk, int from);

/* What happens while it is open. */
static void exchange(struct talk *talk)
{
	static act_function *const honest[] = { send_data, send_data, send_data, send_burst, send_crossing };
	static act_function *const odd[] = { keep_alive, close_window, send_beyond, send_old, acknowledge_oddly, send_odd_flags, spoil_one,
					     cut_one, send_syn_again, send_reset, silence, silence, silence, send_beyond, send_reset };
	unsigned n = pick(talk->scenario, 7), oddity = chance(talk->scenario, 50) ? 10 : 55;

	for (; n > 0; n--) {
		if (chance(talk->scenario, oddity))
			odd[pick(talk->scenario, sizeof(odd) / sizeof(odd[0]))](talk, (int)pick(talk->scenario, 2));
		else
			honest[pick(talk->scenario, sizeof(honest) / sizeof(honest[0]))](talk, (int)pick(talk->scenario, 2));
	}
}

static void renew_end(struct scenario *scenario, struct end *end)
{
	static const unsigned windows[] = { 64240, 65535, 29200, 8192, 1024, 512, 5840 };

	end->first = end->next = (uint32_t)random_u64(&scenario->random);
	if (chance(scenario, 10))
		end->first = end->next = 0u - pick(scenario, 300);	/* wraps early */
	end->expected = 0;
	end->window = windows[pick(scenario, sizeof(windows) / sizeof(windows[0]))];
	end->scale = chance(scenario, 60) ? pick(scenario, 10) : chance(scenario, 5) ? 14 : 15;
	end->offers_sack = chance(scenario, 70);
	end->offers_stamps = chance(scenario, 50);
}

/* The answer of an end that still has the old connection (RFC 5961), and what the opener makes of it. */
static void challenge(struct talk *talk)
{
	struct segment answer = make_segment(talk, 1, ACK, 0), again = make_segment(talk, 0, SYN, 0);

	answer.seq = talk->before[1].next;
	answer.ack = talk->before[1].expected;
	emit_segment(talk, 1, answer);
	if (chance(talk->scenario, 60))
		emit_segment(talk, 0, (struct segment){ RST, answer.ack, 0, 0, 0 });
	talk->time_ns += pick_ns(talk->scenario, 100 * MS, 3 * SECOND);
	again.seq = talk->end[0].first;
	emit_segment(talk, 0, again);
}

/* How it begins. False: that is all there is. */
static bool open_talk(struct talk *talk)
{
	struct scenario *scenario = talk->scenario;
	uint32_t way = pick(scenario, 100);

	if (way < 8) {		/* already under way: nobody saw the beginning */
		talk->end[0].expected = talk->end[1].next;
		talk->end[1].expected = talk->end[0].next;
		return true;
	}
	if (way < 14) {		/* both at once */
		send_segment(talk, 0, SYN, 0);
		talk->end[1].expected = 0;
		send_segment(talk, 1, SYN, 0);
		talk->end[0].expected = talk->end[1].next;
		talk->end[1].expected = talk->end[0].next;
		for (int from = 0; from < 2; from++) {
			struct segment both = make_segment(talk, from, SYN | ACK, 0);

			both.seq = talk->end[from].first;
			if (chance(scenario, 85))
				emit_segment(talk, from, both);
		}
		return chance(scenario, 80);
	}
	send_segment(talk, 0, SYN, way < 17 ? 20 : 0);
	while (chance(scenario, 15)) {
		struct segment again = make_segment(talk, 0, SYN, 0);

		again.seq = talk->end[0].first;
		talk->time_ns += pick_ns(scenario, 100 * MS, 3 * SECOND);
		emit_segment(talk, 0, again);
	}
	if (talk->has_before && chance(scenario, 40))
		challenge(talk);
	if (way < 25)
		return chance(scenario, 40);		/* half of a half open one */
	if (way < 33) {					/* refused */
		emit_segment(talk, 1, (struct segment){ RST | ACK, 0, talk->end[0].next, 0, 0 });
		return chance(scenario, 15);
	}
	if (way < 36)					/* a stray answer instead */
		emit_segment(talk, 1, make_segment(talk, 1, ACK, 0));
	send_segment(talk, 1, SYN | ACK, 0);
	if (way < 42)
		return chance(scenario, 30);
	send_segment(talk, 0, ACK, 0);
	return true;
}

static void close_talk(struct talk *talk)
{
	struct scenario *scenario = talk->scenario;
	int from = (int)pick(scenario, 2);
	uint32_t way = pick(scenario, 100);

	if (way < 15)
		return;					/* it just ends */
	if (way < 30) {
		send_reset(talk, from);
	} else if (way < 45) {				/* both at once */
		struct segment one = make_segment(talk, 0, FIN | ACK, 0), two = make_segment(talk, 1, FIN | ACK, 0);

		emit_segment(talk, 0, one);
		emit_segment(talk, 1, two);
		talk->end[1].expected = ++talk->end[0].next;
		talk->end[0].expected = ++talk->end[1].next;
		emit_segment(talk, 0, make_segment(talk, 0, ACK, 0));
		if (chance(scenario, 80))
			emit_segment(talk, 1, make_segment(talk, 1, ACK, 0));
	} else {
		send_segment(talk, from, FIN | ACK, pick(scenario, 2) * 30);
		if (chance(scenario, 80))
			send_segment(talk, !from, ACK, 0);
		if (chance(scenario, 25))
			send_data(talk, !from);
		if (chance(scenario, 15))
			silence(talk, from);
		if (way < 60)
			return;				/* one half stays open */
		send_segment(talk, !from, FIN | ACK, 0);
		if (chance(scenario, 85))
			send_segment(talk, from, ACK, 0);
	}
}

/* What comes when all should be over. */
static void linger(struct talk *talk)
{
	static act_function *const late[] = { send_reset, send_old, keep_alive, send_odd_flags, send_data, silence, acknowledge_oddly };

	while (chance(talk->scenario, 30))
		late[pick(talk->scenario, sizeof(late) / sizeof(late[0]))](talk, (int)pick(talk->scenario, 2));
}

static void swap_ends(struct talk *talk)
{
	struct end opener = talk->end[0];

	talk->end[0] = talk->end[1];
	talk->end[1] = opener;
}

static void choose_ends(struct talk *talk, int family, unsigned port)
{
	struct pair pair;

	pick_pair(talk->scenario, family, 6, &pair);
	for (int i = 0; i < 2; i++) {
		talk->end[i].node = pair.node[i];
		talk->end[i].seen = pair.seen[i];
	}
	talk->end[0].port = talk->end[0].seen_port = 1024 + pick(talk->scenario, 60000);
	talk->end[1].port = pair.port ? pair.port : port;
	talk->end[1].seen_port = pair.port ? pair.seen_port : port;
}

void converse_tcp(struct scenario *scenario, int family, int64_t start_ns)
{
	static const unsigned ports[] = { 22, 80, 443, 8080, 25, 5000 };
	struct talk talk = { .scenario = scenario, .time_ns = start_ns, .ttl = chance(scenario, 3) ? 1 : 64 };

	choose_ends(&talk, family, ports[pick(scenario, sizeof(ports) / sizeof(ports[0]))]);
	do {
		renew_end(scenario, &talk.end[0]);
		renew_end(scenario, &talk.end[1]);
		if (open_talk(&talk)) {
			exchange(&talk);
			close_talk(&talk);
			linger(&talk);
		}
		if (chance(scenario, 40))
			silence(&talk, 0);
		if (chance(scenario, 20))
			swap_ends(&talk);
		memcpy(talk.before, talk.end, sizeof(talk.before));
		talk.has_before = true;
	} while (chance(scenario, 45));		/* the same ports again */
}

void flood_syn(struct scenario *scenario, int family, int64_t start_ns)
{
	struct talk talk = { .scenario = scenario, .time_ns = start_ns, .ttl = 64 };
	unsigned n = 4 + pick(scenario, 12);

	choose_ends(&talk, family, 80);
	for (; n > 0; n--) {
		talk.end[0].port = talk.end[0].seen_port = 1024 + pick(scenario, 60000);
		renew_end(scenario, &talk.end[0]);
		emit_segment(&talk, 0, make_segment(&talk, 0, SYN, 0));
		talk.time_ns -= talk.time_ns > 20 * MS ? pick_ns(scenario, 0, 10 * MS) : 0;
	}
}

void knock_ports(struct scenario *scenario, int family, int64_t start_ns)
{
	static const unsigned ports[] = { 7000, 8000, 9000, 22 };
	struct talk talk = { .scenario = scenario, .time_ns = start_ns, .ttl = 64 };

	(void)family;
	talk.end[0].node = talk.end[0].seen = &scenario->outer[pick(scenario, (uint32_t)scenario->n_outer)];
	talk.end[1].node = talk.end[1].seen = &scenario->host4;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		talk.end[0].port = talk.end[0].seen_port = 1024 + pick(scenario, 60000);
		talk.end[1].port = talk.end[1].seen_port = chance(scenario, 85) ? ports[i] : ports[pick(scenario, 4)];
		renew_end(scenario, &talk.end[0]);
		renew_end(scenario, &talk.end[1]);
		emit_segment(&talk, 0, make_segment(&talk, 0, SYN, 0));
	}
	talk.end[0].next++;
	talk.end[1].expected = talk.end[0].next;
	send_segment(&talk, 1, SYN | ACK, 0);
	send_segment(&talk, 0, ACK, 0);
	exchange(&talk);
}

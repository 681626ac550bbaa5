/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialog SEED DIRECTORY [HELPER]: writes packets (a packet script), rules or rules6, and args (options for ctreplay, one word
 * a line).
 */
#include "dialog.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct speech *const speeches[] = {
	&speech_amanda, &speech_ftp, &speech_irc, &speech_netbios_ns, &speech_pptp, &speech_q931, &speech_ras, &speech_sane,
	&speech_sip, &speech_sip_tcp, &speech_snmp, &speech_snmp_trap, &speech_tftp,
};

uint32_t pick(struct dialog *dialog, uint32_t n)
{
	return (uint32_t)(random_u64(&dialog->random) >> 16) % n;
}

bool chance(struct dialog *dialog, unsigned percent)
{
	return pick(dialog, 100) < percent;
}

uint16_t pick_port(struct dialog *dialog)
{
	static const uint16_t ports[] = { 30000, 30001, 30002, 30003, 1720, 1719, 1023, 65534, 65535, 0 };

	return ports[chance(dialog, 80) ? pick(dialog, 4) : pick(dialog, sizeof(ports) / sizeof(ports[0]))];
}

const char *pick_word(struct dialog *dialog, const char *const *words, size_t n)
{
	return words[pick(dialog, (uint32_t)n)];
}

void add_address(struct dialog *dialog, struct said *said, const struct address *address)
{
	struct text text;

	text_init(&text);
	address_print(dialog->family, address, &text);
	add_bytes(said, text_string(&text), text.len);
	text_clear(&text);
}

void add_bytes(struct said *said, const void *bytes, size_t len)
{
	if (len > sizeof(said->bytes) - said->len)
		len = sizeof(said->bytes) - said->len;
	memcpy(said->bytes + said->len, bytes, len);
	said->len += len;
}

void add_16(struct said *said, unsigned value)
{
	uint8_t bytes[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	add_bytes(said, bytes, 2);
}

void add_text(struct said *said, const char *format, ...)
{
	char text[MOST_SAID];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	add_bytes(said, text, strlen(text));
}

static struct address parse(const char *text)
{
	struct address address = { 0 };
	enum family family;

	if (!address_parse(text, strlen(text), &family, &address))
		abort();
	return address;
}

static struct address choose(const struct dialog *dialog, const char *ipv4, const char *ipv6)
{
	return parse(dialog->family == FAMILY_IPV6 ? ipv6 : ipv4);
}

struct address pick_named_address(struct dialog *dialog, int from)
{
	switch (pick(dialog, 24)) {
	case 0:
		return dialog->end[from].seen;
	case 1:
		return dialog->end[!from].address;
	case 2:
		return dialog->end[!from].seen;
	case 3:
		return choose(dialog, "10.0.1.77", "2001:db8:1::77");
	case 4:
		return choose(dialog, "10.0.2.77", "2001:db8:2::77");
	case 5:
		return choose(dialog, "127.0.0.1", "::1");
	default:
		return dialog->end[from].address;
	}
}

static void put_time(struct dialog *dialog)
{
	static const char *const silences[] = { "2.5", "29.9", "31", "100", "179.9", "241", "299.5", "301", "3700" };

	if (chance(dialog, 8))
		fprintf(dialog->packets, "+%s ", silences[pick(dialog, sizeof(silences) / sizeof(silences[0]))]);
	else
		fprintf(dialog->packets, "+0.%03u ", 1 + (unsigned)pick(dialog, 200));
}

static void put_endpoint(struct dialog *dialog, const struct address *address, uint16_t port)
{
	struct text text;

	text_init(&text);
	address_print(dialog->family, address, &text);
	fprintf(dialog->packets, dialog->family == FAMILY_IPV6 ? "[%s]:%u" : "%s:%u", text_string(&text), port);
	text_clear(&text);
}

static void put_ends(struct dialog *dialog, bool is_tcp, const struct address *source, uint16_t source_port,
		     const struct address *destination, uint16_t destination_port)
{
	put_time(dialog);
	fprintf(dialog->packets, "%s ", is_tcp ? "tcp" : "udp");
	put_endpoint(dialog, source, source_port);
	fputs(" > ", dialog->packets);
	put_endpoint(dialog, destination, destination_port);
}

static void put_packet(struct stream *stream, int from, const char *flags, const uint8_t *bytes, size_t len)
{
	struct dialog *dialog = stream->dialog;

	put_ends(dialog, stream->is_tcp, &dialog->end[from].address, stream->port[from], &dialog->end[!from].seen,
		 stream->port[!from]);
	if (stream->is_tcp)
		fprintf(dialog->packets, " %s seq %u ack %u", flags, stream->sequence[from],
			flags[0] == 'S' && flags[1] == '\0' ? 0 : stream->sequence[!from]);
	if (len)
		fputs(" hex ", dialog->packets);
	for (size_t i = 0; i < len; i++)
		fprintf(dialog->packets, "%02x", bytes[i]);
	fputc('\n', dialog->packets);
}

void send_other(struct dialog *dialog, unsigned protocol, int from, const struct said *said)
{
	struct said ends = { .len = 0 };

	put_time(dialog);
	add_address(dialog, &ends, &dialog->end[from].address);
	add_text(&ends, " > ");
	add_address(dialog, &ends, &dialog->end[!from].seen);
	fprintf(dialog->packets, "proto %u %.*s hex ", protocol, (int)ends.len, (const char *)ends.bytes);
	for (size_t i = 0; i < said->len; i++)
		fprintf(dialog->packets, "%02x", said->bytes[i]);
	fputc('\n', dialog->packets);
}

struct stream open_stream(struct dialog *dialog, bool is_tcp, int opener, uint16_t source_port, uint16_t destination_port)
{
	struct stream stream = { .dialog = dialog, .is_tcp = is_tcp, .opener = opener, .sequence = { 1000, 5000 } };

	stream.port[opener] = source_port;
	stream.port[!opener] = destination_port;
	if (!is_tcp)
		return stream;
	put_packet(&stream, opener, "S", NULL, 0);
	stream.sequence[opener]++;
	put_packet(&stream, !opener, "S.", NULL, 0);
	stream.sequence[!opener]++;
	if (!chance(dialog, 3))
		put_packet(&stream, opener, ".", NULL, 0);
	return stream;
}

static void spoil(struct dialog *dialog, struct said *said)
{
	size_t at = pick(dialog, (uint32_t)said->len);

	switch (pick(dialog, 4)) {
	case 0:
		said->bytes[at] ^= (uint8_t)(1 << pick(dialog, 8));
		break;
	case 1:
		said->bytes[at] = (uint8_t)pick(dialog, 256);
		break;
	case 2:
		said->len = at;
		break;
	default:
		memmove(said->bytes + at, said->bytes + at + 1, said->len - at - 1);
		said->len--;
	}
}

void say(struct stream *stream, int from, const struct said *said)
{
	struct dialog *dialog = stream->dialog;
	struct said told = *said;
	size_t piece;

	if (chance(dialog, 12) && told.len)
		spoil(dialog, &told);
	piece = stream->is_tcp && told.len > 1 && chance(dialog, 10) ? 1 + pick(dialog, (uint32_t)told.len - 1) : told.len;
	put_packet(stream, from, "P.", told.bytes, piece);
	if (chance(dialog, 8))
		put_packet(stream, from, "P.", told.bytes, piece);	/* again */
	stream->sequence[from] += (uint32_t)piece;
	if (piece < told.len) {
		put_packet(stream, from, "P.", told.bytes + piece, told.len - piece);
		stream->sequence[from] += (uint32_t)(told.len - piece);
	}
	if (stream->is_tcp && chance(dialog, 60))
		put_packet(stream, !from, ".", NULL, 0);
}

void come(struct dialog *dialog, bool is_tcp, int to, uint16_t port)
{
	struct address stranger = to == CLIENT ? choose(dialog, "10.0.2.77", "2001:db8:2::77")
					       : choose(dialog, "10.0.1.77", "2001:db8:1::77");
	const struct address *source = chance(dialog, 85) ? &dialog->end[!to].address : &stranger;
	uint16_t source_port = (uint16_t)(chance(dialog, 50) ? 20000 + pick(dialog, 3) : 1024 + pick(dialog, 60000));

	put_ends(dialog, is_tcp, source, source_port, &dialog->end[to].seen, port);
	fputs(is_tcp ? " S seq 1\n" : " len 20\n", dialog->packets);
	if (chance(dialog, 30))
		return;
	put_ends(dialog, is_tcp, &dialog->end[to].address, port, source == &stranger ? source : &dialog->end[!to].seen,
		 source_port);
	fputs(is_tcp ? " S. seq 1 ack 2\n" : " len 20\n", dialog->packets);
}

static void make_world(struct dialog *dialog, const struct speech *speech)
{
	bool has_broadcast = speech->broadcasts;

	dialog->family = speech->has_ipv6 && chance(dialog, 15) ? FAMILY_IPV6 : FAMILY_IPV4;
	dialog->end[CLIENT].address = choose(dialog, has_broadcast ? "10.0.1.1" : "10.0.1.2", "2001:db8:1::2");
	dialog->end[SERVER].address = choose(dialog, has_broadcast ? "10.0.1.5" : "10.0.2.2", "2001:db8:2::2");
	dialog->end[CLIENT].seen = dialog->end[CLIENT].address;
	dialog->end[SERVER].seen = dialog->end[SERVER].address;
	if (has_broadcast) {
		if (chance(dialog, 90))
			dialog->end[SERVER].seen = choose(dialog, chance(dialog, 80) ? "10.0.1.255" : "255.255.255.255", "ff02::1");
		return;
	}
	dialog->translation = (enum translation)pick(dialog, 3);
	if (dialog->translation == CLIENT_TRANSLATED)
		dialog->end[CLIENT].seen = choose(dialog, "10.0.2.111", "2001:db8:2::111");
	else if (dialog->translation == SERVER_TRANSLATED)
		dialog->end[SERVER].seen = choose(dialog, "10.0.1.99", "2001:db8:1::99");
}

static void write_rules(struct dialog *dialog, const struct speech *speech, FILE *rules)
{
	bool is_ipv6 = dialog->family == FAMILY_IPV6;

	fprintf(rules, "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n");
	for (int i = 0; i < 2; i++)
		fprintf(rules, "-A %s -p %s -m %s --dport %u -j CT --helper %s\n", i ? "OUTPUT" : "PREROUTING", speech->protocol,
			speech->protocol, speech->port, speech->helper);
	fprintf(rules, "COMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD %s [0:0]\n:OUTPUT ACCEPT [0:0]\n",
		chance(dialog, 40) ? "DROP" : "ACCEPT");
	fprintf(rules, "-A FORWARD -m conntrack --ctstate INVALID -j DROP\n"
		"-A FORWARD -m conntrack --ctstate RELATED -m helper --helper %s -j ACCEPT\n"
		"-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
		"-A FORWARD -p %s -m %s --dport %u -j ACCEPT\nCOMMIT\n", speech->helper, speech->protocol, speech->protocol,
		speech->port);
	if (dialog->translation == NOT_TRANSLATED)
		return;
	fprintf(rules, "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n");
	if (dialog->translation == CLIENT_TRANSLATED)
		fprintf(rules, "-A POSTROUTING -o eth2 -j SNAT --to-source %s\n", is_ipv6 ? "2001:db8:2::111" : "10.0.2.111");
	else
		fprintf(rules, "-A PREROUTING -d %s -j DNAT --to-destination %s\n",
			is_ipv6 ? "2001:db8:1::99/128" : "10.0.1.99/32", is_ipv6 ? "2001:db8:2::2" : "10.0.2.2");
	fprintf(rules, "COMMIT\n");
}

static FILE *create(const char *directory, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

/* The speech of a name, "ftp" or "sip/tcp". NULL: any, but for those that broadcast: see dialogs.sh. */
static const struct speech *choose_speech(struct dialog *dialog, const char *name)
{
	size_t n = sizeof(speeches) / sizeof(speeches[0]), drawn;
	char with_protocol[40];

	for (size_t i = 0; name && i < n; i++) {
		snprintf(with_protocol, sizeof(with_protocol), "%s/%s", speeches[i]->helper, speeches[i]->protocol);
		if (strcmp(speeches[i]->helper, name) == 0 || strcmp(with_protocol, name) == 0)
			return speeches[i];
	}
	do
		drawn = pick(dialog, (uint32_t)n);
	while (speeches[drawn]->broadcasts);
	return speeches[drawn];
}

int main(int n_arguments, char **arguments)
{
	static const char args[] = "--local\n10.0.1.1/24@eth1\n--local\n10.0.2.1/24@eth2\n--local\n2001:db8:1::1/64@eth1\n"
				   "--local\n2001:db8:2::1/64@eth2\n--sysctl\nnet.netfilter.nf_conntrack_tcp_be_liberal=1\n";
	struct dialog dialog = { 0 };
	const struct speech *speech;
	struct stream stream;
	FILE *file;

	if (n_arguments < 3)
		return 2;
	random_init(&dialog.random, strtoull(arguments[1], NULL, 10));
	speech = choose_speech(&dialog, n_arguments > 3 ? arguments[3] : NULL);
	make_world(&dialog, speech);
	file = create(arguments[2], dialog.family == FAMILY_IPV6 ? "rules6" : "rules");
	write_rules(&dialog, speech, file);
	fclose(file);
	file = create(arguments[2], "args");
	fputs(args, file);
	fclose(file);
	dialog.packets = create(arguments[2], "packets");
	fprintf(dialog.packets, "# ctreplay packets\n");
	stream = open_stream(&dialog, strcmp(speech->protocol, "tcp") == 0, CLIENT,
			     speech->client_port ? speech->client_port : (uint16_t)(2001 + pick(&dialog, 2)), speech->port);
	speech->speak(&dialog, &stream);
	fclose(dialog.packets);
	return 0;
}

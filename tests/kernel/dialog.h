/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A generator of dialogs for the comparison with a live kernel: two hosts on either side of a router speak a protocol that
 * has a helper, with everything that may go wrong in it, and what was announced comes, or something like it. The same seed
 * makes the same files. Nothing here knows what the right answers are.
 *
 * dialog.c: the world, its packets, and the files; the others: what is said in one protocol.
 */
#ifndef DIALOG_H
#define DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/random.h"
#include "packet/address.h"

enum { CLIENT, SERVER, MOST_SAID = 1300 };

/* What the router does with addresses. */
enum translation { NOT_TRANSLATED, CLIENT_TRANSLATED, SERVER_TRANSLATED };

/* One of the two ends. */
struct end {
	struct address address;
	struct address seen;		/* what the other end knows it by */
};

struct dialog {
	struct random random;
	FILE *packets;
	enum family family;
	enum translation translation;
	struct end end[2];
};

/* A connection, or what goes for one. */
struct stream {
	struct dialog *dialog;
	bool is_tcp;
	int opener;			/* which end */
	uint16_t port[2];		/* [CLIENT], [SERVER]: whoever opens */
	uint32_t sequence[2];
};

/* What is said, under construction. */
struct said {
	uint8_t bytes[MOST_SAID];
	size_t len;
};

struct speech {
	const char *helper;
	const char *protocol;		/* "tcp" */
	uint16_t port;
	bool has_ipv6;
	bool broadcasts;		/* the client is the router itself, and asks everybody */
	uint16_t client_port;		/* 0: any */
	void (*speak)(struct dialog *dialog, struct stream *stream);
};

extern const struct speech speech_amanda, speech_ftp, speech_irc, speech_netbios_ns, speech_pptp, speech_q931, speech_ras,
	speech_sane, speech_sip, speech_sip_tcp, speech_snmp, speech_snmp_trap, speech_tftp;

uint32_t pick(struct dialog *dialog, uint32_t n);	/* 0 ... n - 1 */
bool chance(struct dialog *dialog, unsigned percent);

/* A port to announce: of few, so that some are announced again. */
uint16_t pick_port(struct dialog *dialog);

/* One of the words. */
const char *pick_word(struct dialog *dialog, const char *const *words, size_t n);
#define PICK_WORD(dialog, words) pick_word(dialog, words, sizeof(words) / sizeof((words)[0]))

/* A stream to a port of the other end; TCP shakes hands, mostly. */
struct stream open_stream(struct dialog *dialog, bool is_tcp, int opener, uint16_t source_port, uint16_t destination_port);

/* A packet of a protocol that is neither TCP nor UDP. */
void send_other(struct dialog *dialog, unsigned protocol, int from, const struct said *said);

/* What an end says: once, or again, or in two pieces, or late, or not quite. */
void say(struct stream *stream, int from, const struct said *said);

/* Somebody comes to a port of an end: the other end, or a third one; a few packets each way. */
void come(struct dialog *dialog, bool is_tcp, int to, uint16_t port);

/* An address that an end may name: mostly its own. */
struct address pick_named_address(struct dialog *dialog, int from);

/* As text: "10.0.1.2", "2001:db8::2". */
void add_address(struct dialog *dialog, struct said *said, const struct address *address);

void add_bytes(struct said *said, const void *bytes, size_t len);
void add_16(struct said *said, unsigned value);	/* big endian */
__attribute__((format(printf, 2, 3)))
void add_text(struct said *said, const char *format, ...);

#endif

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What bash, fish and zsh offer; each shell is asked itself.

. "$(dirname "$0")/harness"
files=${CTREPLAY%/*}/docs
[ -f "$files/ctreplay.bash" ] || files=$top/docs
mkdir bin && ln -s "$CTREPLAY" bin/ctreplay
PATH=$work/bin:$PATH; export PATH
touch my.rules my.pcap

# bash_offers WORD...: the last word is being typed; = stands alone, as readline breaks words
bash_offers() {
	bash --norc -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ctreplay; printf "%s\n" "${COMPREPLY[@]}"' \
		bash "$files/ctreplay.bash" "$@"
}

# fish_offers WORD...: likewise, but = is a part of its word
fish_offers() {
	HOME=$work fish --no-config -c "source '$files/ctreplay.fish'; complete -C \"$*\"" | cut -f 1
}

# zsh_offers WORD...: the words that a terminal would show; compadd tells them instead
zsh_offers() {
	cat >setup.zsh <<-END
		PS1= PS2=
		stty -echo
		fpath=($work/bin \$fpath)
		autoload -Uz compinit
		compinit -u -D
		compdef _ctreplay ctreplay
		bindkey '^I' complete-word
		LISTMAX=10000
		compadd() { builtin compadd -O offered "\$@"; print -r -l -- 'offers: '\$^offered; builtin compadd "\$@" }
		zle-line-init() { print is-ready }	# from here on keys are zle's, not the terminal's
		zle -N zle-line-init
		tell-end() { print is-done }
		zle -N tell-end
		bindkey '^X' tell-end
	END
	cat >complete.zsh <<-'END'
		zmodload zsh/zpty
		zpty asked zsh -f -i
		zpty -w asked ". ./setup.zsh"	# what is typed is echoed; a file is not
		zpty -r asked said '*is-ready*'
		zpty -w -n asked "$1"$'\t'
		zpty -w -n asked $'\C-x'
		zpty -r asked said '*is-done*'
		print -r -- $said
		zpty -d asked
	END
	ln -sf "$files/ctreplay.zsh" bin/_ctreplay
	HOME=$work TERM=dumb COLUMNS=200 timeout 120 zsh -f complete.zsh "$*" 2>/dev/null | tr -d '\r' | sed -n 's/.*offers: //p'
}

# offers SHELL WANTED WORD...: WANTED is among what is offered
offers() {
	shell=$1 wanted=$2
	shift 2
	"${shell}_offers" "$@" >offered 2>said || { cat said; return 1; }
	grep -q -x -F -e "$wanted" offered || { echo "offered for: $*"; cat offered said; return 1; }
}

# lacks SHELL UNWANTED WORD...
lacks() {
	! offers "$@"
}

for shell in bash fish zsh; do
	passes "completions for $shell were made" test -s "$files/ctreplay.$shell"
	if ! command -v $shell >/dev/null 2>&1; then
		skip "$shell is asked" "$shell is not there"
		continue
	fi
	passes "$shell: commands" offers $shell explain ctreplay ex
	passes "$shell: options that a command has of another one" offers $shell --sysctl ctreplay explain --sy
	passes "$shell: no options of others" lacks $shell --why-not ctreplay run --why
	passes "$shell: words to choose from" offers $shell always ctreplay run --track al
	passes "$shell: of a command's own option" offers $shell lifelines ctreplay diagram -k l
	passes "$shell: files" offers $shell my.rules ctreplay check my.r
	passes "$shell: files behind an option" offers $shell my.pcap ctreplay run -r my.p
	[ $shell != zsh ] || continue	# each question takes it a second
	passes "$shell: options" offers $shell --snapshot ctreplay run --sn
	passes "$shell: commands of help" offers $shell coverage ctreplay help co
	passes "$shell: topics" offers $shell sysctls ctreplay list sys
	passes "$shell: no commands where a file stands" lacks $shell explain ctreplay run ex
done
if command -v bash >/dev/null 2>&1; then
	passes "bash: formats" offers bash json= ctreplay run --out js
	passes "bash: a file behind a format" offers bash my.rules ctreplay run --out json = my.r
	passes "bash: a value behind =" offers bash always ctreplay run --track = al
	passes "bash: settings" offers bash net.netfilter.nf_conntrack_udp_timeout= ctreplay run --sysctl net.netfilter.nf_conntrack_udp
	passes "bash: times begin" offers bash every= ctreplay run --snapshot ev
fi
if command -v fish >/dev/null 2>&1; then
	passes "fish: formats" offers fish json= ctreplay run --out js
	passes "fish: a file behind a format" offers fish json=my.rules ctreplay run --out json=my.r
	passes "fish: a value behind =" offers fish --track=always ctreplay run --track=al
fi
if command -v zsh >/dev/null 2>&1; then
	passes "zsh: formats" offers zsh json ctreplay run --out js
fi
finish

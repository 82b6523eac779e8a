#!/bin/sh
# install.sh VENV FILE ...: what the files pin, hash by hash, into the virtual environment VENV. By uv, which needs a quarter
# of pip's time; by pip where uv is not to be had, and for whoever told pip of an index of their own, which uv does not know.
set -eu
venv=$1
shift
here=$(cd "$(dirname "$0")/../.." && pwd)

files=""
for file; do files="$files -r $file"; done

pip() { "$venv/pip" install -qq --no-input --disable-pip-version-check --require-hashes --no-deps --no-compile "$@"; }

own_index() {
	[ -n "${PIP_INDEX_URL:-}${PIP_NO_INDEX:-}${PIP_CONFIG_FILE:-}" ] ||
		grep -Eqs '^[[:space:]]*(index-url|no-index)[[:space:]]*[=:]' /etc/pip.conf /etc/xdg/pip/pip.conf \
			"${HOME:-/}/.pip/pip.conf" "${XDG_CONFIG_HOME:-${HOME:-/}/.config}/pip/pip.conf"
}

by_uv() {
	uv=${UV:-$(command -v uv || echo "$venv/bin/uv")}
	[ -x "$uv" ] || command -v "$uv" >/dev/null || pip -r "$here/requirements-uv.txt" || return
	# The system's certificates, because companies put theirs there. A cache on another disk is copied from, quietly.
	UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never "$uv" pip install --quiet --python "$venv/bin/python" \
		--require-hashes --no-deps $files
}

if ! own_index && by_uv; then exit 0; fi
own_index || echo "uv did not install it; pip does, which takes longer." >&2
pip $files

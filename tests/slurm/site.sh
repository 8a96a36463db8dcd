#!/usr/bin/env bash
# A real SLURM on this machine for tests: controller, accounting, nodes with stand-in GPUs.
# As root: site.sh up FOLDER | down FOLDER. Its state lies in FOLDER, its configuration, while it is up,
# in /etc/slurm: jobs look for it there. Each node is a partition; jobs of the partition `urgent` preempt
# those of `spare`, which start again, and those of `scavenge`, which are cancelled.
set -euo pipefail

cluster=degutest
nodes=(gpu spare scavenge frail)
etc=/etc/slurm
packages="slurmctld slurmd slurm-client slurmdbd munge mariadb-server"

is_ours() {
  grep --quiet --no-messages "^ClusterName=$cluster$" $etc/slurm.conf
}

need() {
  local missing=()
  for command in slurmctld slurmd sbatch sacctmgr slurmdbd munged mariadbd mariadb-install-db; do
    command -v "$command" >/dev/null || missing+=("$command")
  done
  if ((${#missing[@]})); then
    echo "missing: ${missing[*]}; install them with" >&2
    echo "  apt-get install --no-install-recommends $packages" >&2
    return 1
  fi
  if ((EUID)); then
    echo "the daemons of SLURM need root" >&2
    return 1
  fi
  if [[ -e $etc/slurm.conf ]] && ! is_ours; then
    echo "$etc/slurm.conf belongs to another SLURM, which is left alone" >&2
    return 1
  fi
}

# until_ready SECONDS WHAT COMMAND...: wait for a command to succeed.
until_ready() {
  local seconds=$1 what=$2
  shift 2
  for ((end = SECONDS + seconds; SECONDS < end; )); do
    timeout 5 "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  echo "waited $seconds s for $what; see $home/log" >&2
  return 1
}

configure() {
  local host port=36820
  local -A options=([gpu]="Default=YES" [scavenge]="PreemptMode=CANCEL")
  host=$(hostname -s)
  head -c 1024 /dev/urandom >"$home/munge/key"
  chmod 400 "$home/munge/key"
  cat >$etc/slurmdbd.conf <<X
AuthType=auth/munge
AuthInfo=socket=$home/munge/socket
DbdHost=$host
DbdAddr=127.0.0.1
DbdPort=36819
SlurmUser=root
LogFile=$home/log/slurmdbd
PidFile=$home/run/slurmdbd
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=33306
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm
X
  chmod 600 $etc/slurmdbd.conf
  # config_overrides: the node pretends to be larger than it may be, so that no request of the
  # tiny jobs is too large; job_comment: the comment, which names the rule, is kept.
  cat >$etc/slurm.conf <<X
ClusterName=$cluster
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=36817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$home/munge/socket
StateSaveLocation=$home/state
SlurmdSpoolDir=$home/spool/%n
SlurmctldPidFile=$home/run/slurmctld
SlurmdPidFile=$home/run/slurmd.%n
SlurmctldLogFile=$home/log/slurmctld
SlurmdLogFile=$home/log/slurmd.%n
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=36819
AccountingStoragePass=socket=$home/munge/socket
AccountingStorageTRES=gres/gpu
AccountingStorageEnforce=limits
AccountingStoreFlags=job_comment
GresTypes=gpu
KillWait=2
SchedulerParameters=sched_interval=2,batch_sched_delay=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=urgent Nodes=spare,scavenge PriorityTier=2 PreemptMode=OFF
X
  for gpu in 0 1 2 3; do mknod "$home/dev/gpu$gpu" c 1 3; done
  : >$etc/gres.conf
  for node in "${nodes[@]}"; do
    mkdir "$home/spool/$node"
    echo "NodeName=$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port++)) CPUs=4" \
      "RealMemory=64000 Gres=gpu:4" >>$etc/slurm.conf
    echo "PartitionName=$node Nodes=$node ${options[$node]:-}" >>$etc/slurm.conf
    echo "NodeName=$node Name=gpu File=$home/dev/gpu[0-3]" >>$etc/gres.conf
  done
}

start_database() {
  local mariadb=(mariadb --no-defaults --socket="$home/run/mariadb.socket")
  mariadb-install-db --no-defaults --user=root --datadir="$home/database" >"$home/log/install" 2>&1
  mariadbd --no-defaults --user=root --datadir="$home/database" --bind-address=127.0.0.1 \
    --port=33306 --socket="$home/run/mariadb.socket" --pid-file="$home/run/mariadb" \
    >"$home/log/mariadb" 2>&1 &
  until_ready 30 mariadb "${mariadb[@]}" -e "select 1"
  "${mariadb[@]}" -e "create database slurm;"
  for from in localhost 127.0.0.1; do
    "${mariadb[@]}" -e "create user slurm@$from identified by 'slurm';
      grant all on slurm.* to slurm@$from;"
  done
}

up() {
  need
  # munged wants every folder above its socket open to all.
  mkdir -p $etc "$home"/{munge,run,log,dev,state,spool,database}
  configure
  munged --key-file="$home/munge/key" --socket="$home/munge/socket" --pid-file="$home/run/munged" \
    --log-file="$home/log/munged" --seed-file="$home/munge/seed"
  start_database
  slurmdbd
  until_ready 30 slurmdbd sacctmgr --immediate show cluster
  sacctmgr --immediate add cluster $cluster >"$home/log/sacctmgr"
  sacctmgr --immediate add account degu cluster=$cluster >>"$home/log/sacctmgr"
  sacctmgr --immediate add account small cluster=$cluster >>"$home/log/sacctmgr"
  sacctmgr --immediate add user "$(id -un)" account=degu >>"$home/log/sacctmgr"
  sacctmgr --immediate add user "$(id -un)" account=small maxsubmitjobs=1 >>"$home/log/sacctmgr"
  slurmctld
  for node in "${nodes[@]}"; do
    slurmd -N "$node"
    until_ready 30 "the node $node" bash -c "sinfo --noheader --nodes=$node | grep -q idle"
  done
}

down() {
  local pids=()
  if [[ -f $home/run/slurmctld ]]; then
    timeout 5 scancel --user="$(id -un)" || true
    until_ready 20 "an empty queue" bash -c '[[ -z $(squeue --noheader) ]]' || true
  fi
  for file in "$home"/run/{slurmd.*,slurmctld,slurmdbd,mariadb,munged}; do
    [[ -f $file ]] && pids+=("$(cat "$file")")
  done
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    # A zombie has ended.
    until_ready 15 "the end of $pid" bash -c "! ps -o stat= -p $pid | grep -q '^[^Z]'" ||
      kill -KILL "$pid"
  done
  if is_ours; then rm $etc/{slurm,slurmdbd,gres}.conf; fi
}

home=$(realpath --canonicalize-missing "${2:?usage: $0 up|down FOLDER}")
case $1 in up) up ;; down) down ;; *) echo "usage: $0 up|down FOLDER" >&2 && exit 2 ;; esac

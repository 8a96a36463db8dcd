"""Ask a module of the user's for the predictions of one member, in the user's environment."""

from degu.dataset import Dataset
from degu.foreign import module
from degu.foreign.requests import Request
from degu.job import begin
from degu.shards import Shard

if __name__ == "__main__":
    begin(snakemake)
    params, wildcards = snakemake.params, snakemake.wildcards
    data, unlabelled = snakemake.input.data, snakemake.input.get("unlabelled") or None
    module.answer(
        path=snakemake.output[0],
        request=Request(Dataset(data), unlabelled, params.order, params.check or None),
        module=snakemake.input.module,
        python=params.python,
        member=int(wildcards.member),
        members=params.members,
        shard=Shard.named(wildcards.own_shard),
    )

"""`fanfold backfill`."""

from __future__ import annotations

import click

from client.errors import Exit


@click.command()
@click.argument("source", metavar="s3://BUCKET/PREFIX")
@click.option("--bucket", required=True, help="The deployment's bucket (output BucketName).")
@click.option("--folder", default="", help="A folder of the drop folder to copy into.")
@click.option(
    "--rate", type=click.FloatRange(min=0.001), default=20.0, show_default=True,
    help="Maximum of documents a second.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be copied, and copy nothing.")
def backfill(*, source: str, bucket: str, folder: str, rate: float, dry_run: bool) -> Exit:
    """Have everything below a prefix of another bucket read by a deployment.

    Copies within S3 into the drop folder; what is there already, as large and not older, is left
    out, so the same call goes on after an interruption.
    """
    from cli.backfill import Backfill, Outcome  # noqa: PLC0415 - imports boto3

    outcome = Outcome()
    work = Backfill(source, bucket, folder, rate)
    try:
        if dry_run:
            for found in work.wanted(outcome):
                click.echo(found.path)
                outcome.copied += 1
                outcome.octets += found.size
        else:
            for _ in work.run(outcome):
                pass
    finally:
        verb = "to be copied" if dry_run else "copied"
        click.echo(
            f"{outcome.copied} {verb} ({outcome.octets / 1e6:,.1f} MB), {outcome.there} there"
            f" already, {outcome.left_out} no documents, {len(outcome.failed)} failed",
            err=True,
        )
    for line in outcome.failed:
        click.echo(line, err=True)
    return Exit.FAILED if outcome.failed else Exit.OK

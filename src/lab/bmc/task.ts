/** The one task of a BMC whose insert is answered with 202. */
import type { Answer } from './answer.ts';
import { type Bmc, type Document, type Task, TASK_PATH } from './bmc.ts';
import type { Refusal } from './profile.ts';
import { resource } from './resource.ts';

/** Starts the work, which says what went wrong or null, and answers 202 with the task. */
export function startTask(bmc: Bmc, work: () => Promise<Refusal | null>): Answer {
  const task: Task = { state: 'Running', refusal: null };
  bmc.task = task;
  void work().then(
    (refusal) => Object.assign(task, { refusal, state: refusal ? 'Exception' : 'Completed' }),
    () => (task.state = 'Exception'),
  );
  return { status: 202, headers: { Location: TASK_PATH }, body: taskDocument(task) };
}

export function taskDocument({ state, refusal }: Task): Document {
  return resource('Task.v1_4_3.Task', TASK_PATH, 'Insert of virtual media', {
    TaskState: state,
    TaskStatus: refusal ? 'Critical' : 'OK',
    PercentComplete: state === 'Running' ? 50 : 100,
    Messages: refusal ? [{ MessageId: refusal.id, Message: refusal.text, Severity: 'Critical' }] : [],
  });
}
